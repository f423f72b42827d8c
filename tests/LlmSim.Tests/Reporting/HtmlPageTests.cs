using System.Text;
using LlmSim.Reporting.Html;

namespace LlmSim.Tests.Reporting;

/// <summary>Pages: what is in them, and what a browser makes of it.</summary>
public sealed class HtmlPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-page-").FullName;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_every_point_without_a_word_on_the_console(bool dark)
    {
        Browser.Page page = Open(Example(), dark);
        Assert.Empty(page.Console);
        Assert.DoesNotContain("data-problems", page.Dom, StringComparison.Ordinal);
        Assert.Contains($"data-theme=\"{(dark ? "dark" : "light")}\"", page.Dom, StringComparison.Ordinal);
        Assert.Equal(["106 106", "3 3", "2 2", "3"], page.Points); // a level that is not known leaves a gap in a line, but no dot
        Assert.Equal(4, page.Dom.Split("<svg").Length - 1);
    }

    [Fact]
    public void Themes_differ_in_what_is_drawn() =>
        Assert.NotEqual(Open(Example(), dark: false).Dom, Open(Example(), dark: true).Dom.Replace("data-theme=\"dark\"", "data-theme=\"light\"", StringComparison.Ordinal));

    [Fact]
    public void A_browser_that_finds_something_wrong_is_noticed()
    {
        // The test above would not notice a page that draws nothing if this one did not hold.
        string broken = Encoding.UTF8.GetString(Example()).Replace("\"series\":[", "\"series\":[null,", StringComparison.Ordinal);
        Browser.Page page = Open(Encoding.UTF8.GetBytes(broken), dark: false);
        Assert.NotEmpty(page.Console);
        Assert.Empty(page.Points);
    }

    [Fact]
    public void Every_chart_has_words_and_a_table()
    {
        string html = Encoding.UTF8.GetString(Example());
        Assert.Equal(4, html.Split("<details>").Length - 1);
        Assert.Contains("aria-label=\"TTFT. Share of requests at or below each value. measured: 50% up to 50.0 ms, 90% up to 90.0 ms, 99% up to 99.0 ms.", html, StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\">0</th><td>1</td><td>4</td></tr>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_is_text()
    {
        var page = new HtmlPage("<b>&", "\"'");
        page.Section("<i>");
        page.List(["<script>"], isWarning: true);
        page.Tiles([new FigureTile("<u>", "<s>") { Note = "<q>" }]);
        page.Table(new HtmlTable(["<th>"], [["<td>"]]));
        string html = Encoding.UTF8.GetString(page.ToUtf8("<hr>"));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal); // no charts, so no scripts either
        Assert.All(new[] { "b&gt;&amp;", "&quot;&#39;", "i&gt;", "script&gt;", "u&gt;", "s&gt;", "q&gt;", "th&gt;", "td&gt;", "hr&gt;" },
            text => Assert.Contains(text, html, StringComparison.Ordinal));
    }

    [Fact]
    public void An_interval_stands_with_its_figure()
    {
        var page = new HtmlPage("t", "s");
        page.Tiles([new FigureTile("TTFT p99", "41.3", "ms") { Interval = (38, 45.25) }, new FigureTile("none", "1")]);
        string html = Encoding.UTF8.GetString(page.ToUtf8("f"));
        Assert.Contains("<div><dt>TTFT p99</dt><dd>41.3 <small>ms</small></dd><dd>38.0 to 45.3 ms</dd></div>\n<div><dt>none</dt><dd>1</dd></div>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1234567.8, "1234568")]
    [InlineData(12.3456789, "12.346")]
    [InlineData(0.00123456789, "0.0012346")]
    [InlineData(-2.5, "-2.5")]
    [InlineData(null, "")]
    public void Numbers_have_five_digits(double? value, string text) => Assert.Equal(text, HtmlNumber.Plain(value));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Example()
    {
        var page = new HtmlPage("Example", "all kinds of charts");
        page.Charts(
        [
            DistributionChart.Of("TTFT", "ms", new DistributionChart.Curve("measured", "measured", percent => percent),
                new DistributionChart.Curve("simulated", "simulated", percent => 100 * percent)),
            TimeChart.Of("Waiting", "requests", [0, 1, 2], [new("measured", "measured", [1, null, 3]) { IsBroad = true }, new("simulated", "simulated", [4, 5, 6])]),
            TimeChart.Of("E2E", "s", [0, 1, 2], [new("measured", "measured", [1, null, 3]), new("simulated", "simulated", [null, 5, 6])], ChartKind.Dots),
            new Chart
            {
                Title = "Where the time goes",
                Description = "Three of them.",
                X = new ChartAxis("% of the time", "%"),
                Y = new ChartAxis("") { Categories = 0 },
                Series = [new ChartSeries("share", ChartKind.Bars, 1, 0, "c3")],
                Data = new HtmlTable(["what", "share, %"], [["a & b", "50"], ["<c>", "30"], ["d", "20"]]),
            },
        ]);
        return page.ToUtf8("footer");
    }

    private Browser.Page Open(byte[] html, bool dark)
    {
        string path = Path.Combine(_folder, "page.html");
        File.WriteAllBytes(path, html);
        return Browser.Open(path, dark);
    }
}
