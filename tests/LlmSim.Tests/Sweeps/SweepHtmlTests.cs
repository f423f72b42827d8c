using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;
using LlmSim.Tests.Reporting;

namespace LlmSim.Tests.Sweeps;

/// <summary>The page of a sweep.</summary>
public sealed class SweepHtmlTests : IDisposable
{
    private readonly SweepFolder _folder = new("""
        scenario: {model: llama-3.1-8b, gpu: h100-80gb-sxm, workload: {num_requests: 50}}
        axes:
          workload.request_rate: {from: 5, to: 30, step: 5}
          tensor_parallel: [1, 2, 4]
        zip:
          - dtype: [bf16, fp8]
            seed: [1, 2]
        """);

    private string Page => _folder["page.html"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_it(bool dark)
    {
        _folder.Run("out.csv", "--report", Page);
        Browser.Page page = Open("", dark);
        Assert.Equal(["6 6 6"], page.Points); // tensor_parallel in colours, dtype + seed held
        Assert.Contains("<h3>p99_ttft_ms by workload.request_rate</h3>", page.Dom, StringComparison.Ordinal);
        Assert.Contains(">18 of 36 runs, p99_ttft_ms from ", page.Dom, StringComparison.Ordinal);
        Assert.Contains($"data-theme=\"{(dark ? "dark" : "light")}\"", page.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void Picks_change_the_chart()
    {
        _folder.Run("out.csv", "--report", Page);
        Assert.Equal(["6 6"], Open("set('colour', 'dtype'); set('y', 'output_throughput');").Points);
        Assert.Equal(["18 18"], Open("set('colour', 'seed'); set('at1', 'all');").Points); // three of a rate are dots
        Assert.Equal(["3 3"], Open("set('x', 'tensor_parallel'); set('colour', 'dtype');").Points);
        Assert.Equal(["2 2 2"], Open("set('x', 'dtype');").Points); // words along
        Assert.Equal(["6"], Open("set('colour', 'none');").Points);
        Assert.Equal(["6 6 6"], Open("set('x', 'output_throughput'); set('at0', 'all');").Points);
        Assert.Equal(["6 6 6"], Open("form.elements.xlog.click(); form.elements.ylog.click();").Points);
        string dom = Open("set('y', 'mean_tpot_ms'); set('at2', 'fp8 + 2');").Dom;
        Assert.Contains("aria-label=\"mean_tpot_ms by workload.request_rate. 18 of 36 runs", dom, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"col\">tensor_parallel 4</th>", dom, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_below_the_chart_has_what_the_chart_has()
    {
        _folder.Run("out.csv", "--report", Page);
        string dom = Open("set('y', 'requests');").Dom;
        Assert.Contains("<tr><th scope=\"row\">5</th><td>50</td><td>50</td><td>50</td></tr>", dom, StringComparison.Ordinal);
    }

    [Fact]
    public void More_values_than_can_be_told_apart_are_thinned_in_words()
    {
        _folder.Write("sweep.yaml", "scenario: {workload: {num_requests: 5}}\naxes:\n  workload.request_rate: [1, 2]\n  seed: {from: 1, to: 25, step: 1}\n");
        _folder.Run("out.csv", "--report", Page);
        Browser.Page page = Open("set('x', 'workload.request_rate'); set('colour', 'seed');");
        Assert.Equal([string.Join(' ', Enumerable.Repeat("2", 10))], page.Points);
        Assert.Contains("Of 25 values of seed 10 are shown.", page.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_list_has_a_label_and_every_run_a_row()
    {
        _folder.Run("out.csv", "--report", Page);
        string html = File.ReadAllText(Page);
        Assert.Equal(html.Split("<select").Length, html.Split("<label>").Length - 2); // and two boxes to tick
        Assert.Equal(36, html[html.IndexOf("class=\"tall\"", StringComparison.Ordinal)..].Split("<tr><th scope=\"row\">").Length - 1);
    }

    [Fact]
    public void A_sweep_of_which_nothing_can_run_has_a_page_too()
    {
        _folder.Write("sweep.yaml", "scenario: {model: llama-2-70b}\naxes:\n  seed: [1, 2]\n");
        _folder.Run("out.csv", "--report", Page);
        Assert.Contains("2, of which 2 do not fit", File.ReadAllText(Page), StringComparison.Ordinal);
        Assert.Empty(Open("").Console);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2000)]
    [InlineData(2001)]
    [InlineData(99_999)]
    public void Of_many_runs_as_many_as_fit_are_shown(long runs)
    {
        var sample = new SweepSample(runs);
        for (long point = 0; point < runs; point++)
        {
            sample.Write(SweepRow.Failed(point, RunStatus.DoesNotFit, ""));
        }

        Assert.InRange(sample.Rows.Count, Math.Min(runs, 1000), 2000);
        Assert.Equal(sample.Rows.Count, sample.Rows.Select(row => row.Point).Distinct().Count());
        Assert.True(runs < 2001 || Enumerable.Range(0, 5).All(place => sample.Rows.Any(row => row.Point % 5 == place)));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Opens the page, and makes picks as a reader would.</summary>
    private Browser.Page Open(string picks, bool dark = false)
    {
        const string hand = """
            const form = document.querySelector('.picks');
            const set = (name, text) => {
              const list = form.elements.namedItem(name);
              list.value = [...list.options].find(option => option.textContent === text).value;
              list.dispatchEvent(new Event('change', { bubbles: true }));
            };
            """;
        string path = _folder["picked.html"];
        string html = File.ReadAllText(Page);
        File.WriteAllText(path, picks.Length == 0 ? html : html.Replace("</body>", $"<script>{hand}{picks}</script></body>", StringComparison.Ordinal));
        Browser.Page page = Browser.Open(path, dark);
        Assert.Empty(page.Console);
        Assert.DoesNotContain("data-problems", page.Dom, StringComparison.Ordinal);
        return page;
    }
}
