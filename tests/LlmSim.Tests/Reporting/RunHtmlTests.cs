using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Simulation;
using LlmSim.Tests.Cli;

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
        Assert.Equal(10, parts.Length);
        Assert.Equal(Enumerable.Repeat("106", 5), parts[..5]);
        Assert.Matches("^(\\d+) \\1$", parts[5]); // running and waiting
        Assert.Equal("5", parts[8]);
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
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"<dt>TTFT, mean</dt><dd>{mean:0.0} <small>ms</small></dd><dd>"), html, StringComparison.Ordinal);
        Assert.Contains("<dt>Goodput</dt>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"warnings\"", html, StringComparison.Ordinal);
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
