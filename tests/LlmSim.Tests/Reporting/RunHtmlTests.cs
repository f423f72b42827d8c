using System.Globalization;
using System.Text.RegularExpressions;
using LlmSim.Metrics;
using LlmSim.Reporting.Html;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Tests.Cli;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Reporting;

/// <summary>The page of a run.</summary>
public sealed class RunHtmlTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-report-").FullName;

    private string Report => Path.Combine(_folder, "report.html");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_browser_draws_it(bool dark)
    {
        Terminal.Print("run", "--request-rate", "8", "--num-requests", "300", "--report", Report, "-q");
        Browser.Page page = Browser.Open(Report, dark);
        Assert.Empty(page.Console);
        Assert.DoesNotContain("data-problems", page.Dom, StringComparison.Ordinal);
        string[] parts = [.. page.Points];
        Assert.Equal(11, parts.Length);
        Assert.Equal(Enumerable.Repeat("106", 5), parts[..5]);
        Assert.Matches("^(\\d+) \\1$", parts[5]); // running and waiting
        Assert.Equal("5", parts[8]);
        Assert.Equal("12 12 9", parts[10]); // two bounds, and the operators of a dense model that calculate
        Assert.Contains(">p99 ", page.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void The_figures_are_those_of_the_screen()
    {
        string screen = Terminal.Print("run", "--request-rate", "8", "--report", Report, "--goodput", "ttft:100");
        Assert.Equal(screen, Terminal.Print("run", "--request-rate", "8", "--goodput", "ttft:100"));
        string html = File.ReadAllText(Report);
        string[] ttft = screen.Split('\n').Single(line => line.StartsWith("Time to First Token", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double mean = double.Parse(ttft[4], CultureInfo.InvariantCulture);
        string interval = Regex.Match(screen, "80% mean +TTFT [0-9.]+ \\(([0-9.]+)–([0-9.]+)\\)").Result("$1 to $2");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"<dt>TTFT, mean</dt><dd>{mean:0.0} <small>ms</small></dd><dd>{interval} ms"), html, StringComparison.Ordinal);
        Assert.Contains("with 80% confidence", html, StringComparison.Ordinal);
        Assert.Contains("run-to-run noise &#177;", html, StringComparison.Ordinal);
        Assert.Contains("<dt>Goodput</dt>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warnings\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_model_error_intervals_are_of_noise_and_say_so()
    {
        Terminal.Print("run", "--report", Report, "--uncertainty", "off", "-q");
        string html = File.ReadAllText(Report);
        Assert.Contains("run-to-run noise alone", html, StringComparison.Ordinal);
        Assert.Matches("<dt>TTFT, mean</dt><dd>[0-9.]+ <small>ms</small></dd><dd>[0-9.]+ to [0-9.]+ ms", html);
        Assert.DoesNotMatch("<dt>Output</dt><dd>[0-9]+ <small>tokens/s</small></dd><dd>[0-9.]+ to", html);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void Each_request_has_a_bar_while_they_are_few(int requests, bool hasBars)
    {
        string rows = Path.Combine(_folder, "rows.csv");
        Terminal.Print("run", "--num-requests", $"{requests}", "--report", Report, "--requests", rows, "-q");
        Assert.Equal(requests + 1, File.ReadAllLines(rows).Length);
        Browser.Page page = Browser.Open(Report, dark: false);
        Assert.Empty(page.Console);
        Assert.Equal(hasBars ? 12 : 11, page.Points.Count);
        Assert.Equal(hasBars, page.Points.Contains("200 200 200 200"));
        Assert.DoesNotContain(">before<", page.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public void Bars_are_the_rows_of_the_requests()
    {
        string rows = Path.Combine(_folder, "rows.csv");
        Terminal.Print("run", "--num-requests", "40", "--request-rate", "20", "--report", Report, "--requests", rows, "-q");
        string html = File.ReadAllText(Report);
        foreach (string[] row in File.ReadLines(rows).Skip(1).Select(line => line.Split(',')))
        {
            double[] times = [.. new[] { row[1], row[5], row[6], row[7] }.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
            IEnumerable<string> lengths = times.Zip(times.Skip(1), (from, to) => HtmlNumber.Plain(Math.Round(to - from, 9))).Prepend(HtmlNumber.Plain(times[0]));
            Assert.Contains($"<tr><th scope=\"row\">{row[0]}</th>{string.Concat(lengths.Select(cell => $"<td>{cell}</td>"))}", html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"model": "llama-3.1-70b", "gpu": "h100", "tensor_parallel": 4, "pipeline_parallel": 2, "scheduler": {"max_model_len": 8192}}""")]
    [InlineData("""{"model": "mixtral-8x7b", "gpu": "h100", "tensor_parallel": 2, "workload": {"request_rate": 60}}""")]
    [InlineData("""{"model": "llama-3.1-8b", "gpu": "l4", "dtype": "fp8", "scheduler": {"max_model_len": 4096}}""")]
    public void Operators_stay_below_the_roofline(string scenario)
    {
        Chart chart = RooflineChart.Of(new LlmInferenceSimulator(ScenarioJson.Parse(scenario)).Run().ComputeStatistics().Breakdown!)!;
        double?[][] rows = [.. chart.Data.Rows.Select(row => row.Skip(1).Select(cell => cell.Text.Length > 0 ? double.Parse(cell.Text, CultureInfo.InvariantCulture) : (double?)null).ToArray())];
        Assert.Equal(rows.Select(row => row[0]).Order(), rows.Select(row => row[0]));
        Assert.Contains(rows, row => row[1] > 0);
        Assert.All(rows, row => Assert.True(row[1] is null || row[1] <= 1.001 * (row[2] ?? row[3]), string.Join(' ', row)));
        double?[] ridge = Assert.Single(rows, row => row[2] is not null && row[3] is not null);
        Assert.Equal(ridge[2]!.Value, ridge[3]!.Value, 1e-3 * ridge[3]!.Value);
    }

    [Fact]
    public void Where_times_come_from_is_in_a_table()
    {
        Terminal.Print("run", "--num-requests", "30", "--report", Report, "-q", "--uncertainty", "off");
        string html = File.ReadAllText(Report);
        foreach (TimeSource source in TimeSource.Of(DefaultScenario.Create()))
        {
            Assert.Contains($"<tr><th scope=\"row\">{source.Name}</th><td class=\"words\">{source.Origin.ToString().ToLowerInvariant()}</td>", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Warnings_are_in_words()
    {
        Terminal.Print("run", "--request-rate", "40", "--input-len", "uniform:100..2000", "--report", Report, "-q");
        Assert.Contains("<ul class=\"warnings\">\n<li>Overload: the queue grew by ", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_size_does_not_depend_on_the_number_of_requests()
    {
        Terminal.Print("run", "--num-requests", "200000", "--request-rate", "8", "--report", Report, "-q");
        Assert.InRange(new FileInfo(Report).Length, 500_000, 700_000);
    }

    [Fact]
    public void It_goes_with_a_series()
    {
        string alone = Path.Combine(_folder, "alone.csv"), both = Path.Combine(_folder, "both.csv");
        Terminal.Print("run", "--series", alone, "--series-interval", "0.5", "-q");
        Terminal.Print("run", "--series", both, "--series-interval", "0.5", "--report", Report, "-q");
        Assert.Equal(File.ReadAllText(alone), File.ReadAllText(both));
        Assert.Contains("--report", Assert.Single(Terminal.Problems("run", "--json", both, "--report", both)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(400)]
    [InlineData(12345)]
    public void A_series_of_any_length_becomes_a_few_hundred_intervals_with_the_same_sums(int rows)
    {
        var thinner = new SeriesThinner();
        for (int i = 0; i < rows; i++)
        {
            thinner.Write(new SeriesRow(SimTime.FromSeconds(i), SimTime.FromSeconds(i == rows - 1 ? 0.25 : 1), 1, 2, i, 2, 0.5, 3, 0.25));
        }

        thinner.Finish();
        Assert.InRange(thinner.Rows.Count, Math.Min(rows, 200), 401);
        Assert.Equal((rows, 2L * rows, 3L * rows), (thinner.Rows.Sum(row => row.Arrivals), thinner.Rows.Sum(row => row.Finished), thinner.Rows.Sum(row => row.OutputTokens)));
        Assert.Equal(rows - 0.75, thinner.Rows.Sum(row => row.Length.Seconds), 6);
        Assert.Equal(Enumerable.Range(0, rows - 1).Sum(i => (double)i) + (0.25 * (rows - 1)), thinner.Rows.Sum(row => row.Waiting * row.Length.Seconds), 3);
        Assert.All(thinner.Rows, row => Assert.Equal(0.5, row.KvUsage, 9));
        Assert.All(thinner.Rows.Zip(thinner.Rows.Skip(1)), pair => Assert.Equal(pair.First.Start + pair.First.Length, pair.Second.Start));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
