using LlmSim.Metrics;
using LlmSim.Reporting.Html;
using LlmSim.Simulation;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Reporting;

/// <summary>The page of a comparison.</summary>
public sealed class ComparisonHtmlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-report-").FullName;

    private string Report => Path.Combine(_folder, "report.html");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_it(bool dark)
    {
        Compare("", "tensor_parallel: 2", "scheduler:\n  max_num_batched_tokens: 512");
        Browser.Page page = Browser.Open(Report, dark);
        Assert.Empty(page.Console);
        Assert.DoesNotContain("data-problems", page.Dom, StringComparison.Ordinal);
        string[] points = [.. page.Points];
        Assert.Equal(9, points.Length);
        Assert.Equal(Enumerable.Repeat("106 106 106", 3), points[..3]);
        Assert.All(points[3..6], level => Assert.Matches("^(\\d+) \\1 \\1$", level));
        Assert.Equal(["3 3 3 3", "3 3 3 3 3", "10 10 10"], points[6..]);
    }

    [Fact]
    public void It_says_the_same_as_the_screen()
    {
        string screen = Compare("", "tensor_parallel: 2");
        string[] ttft = screen.Split('\n').Single(line => line.StartsWith("TTFT mean", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string html = File.ReadAllText(Report);
        Assert.Contains($"<dt>TTFT mean</dt><dd>{ttft[5].Replace("+", "&#43;", StringComparison.Ordinal)}</dd>", html.Replace("+", "&#43;", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<td class=\"good\">better</td>", html, StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\">tensor_parallel</th><td>1</td><td>2</td></tr>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warnings\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Overload_is_in_words_and_without_sizes()
    {
        Compare("", "workload:\n  request_rate: 60");
        string html = File.ReadAllText(Report);
        Assert.Contains("<ul class=\"warnings\">\n<li>B is beyond capacity: ", html, StringComparison.Ordinal);
        Assert.Contains("<dt>TTFT mean</dt><dd>not steady</dd>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Levels_of_runs_of_different_lengths_keep_their_means()
    {
        SeriesRow[] longer = [.. Enumerable.Range(0, 5).Select(i => Row(4 * i, i == 4 ? 2 : 4, i))];
        SeriesRow[] shorter = [.. Enumerable.Range(0, 7).Select(i => Row(i, 1, 10 * i))];
        var grid = new SeriesGrid([longer, shorter]);
        Assert.Equal([2, 6, 10, 14, 18], grid.Moments);
        Assert.Equal([0, 1, 2, 3, 4], grid.Of(longer, row => row.Running).Select(value => value!.Value));
        Assert.Equal([15, 50, null, null, null], grid.Of(shorter, row => row.Running));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static SeriesRow Row(double start, double length, double running) =>
        new(SimTime.FromSeconds(start), SimTime.FromSeconds(length), 0, 0, 0, running, 0, 0, 0);

    private string Compare(params string[] scenarios)
    {
        string[] files = [.. scenarios.Select((_, i) => Path.Combine(_folder, $"{i}.yaml"))];
        foreach ((string file, string yaml) in files.Zip(scenarios))
        {
            File.WriteAllText(file, yaml);
        }

        return Terminal.Print(["compare", .. files, "--report", Report, "--num-requests", "400"]);
    }
}
