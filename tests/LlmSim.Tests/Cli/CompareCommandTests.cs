using System.Text.Json;
using LlmSim.Planning.Comparing;
using LlmSim.Reporting.Comparing;
using LlmSim.Tests.Planning.Comparing;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Cli;

/// <summary><c>llmsim compare</c> as it is typed.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-compare-").FullName;

    [Fact]
    public void Fits_80_columns_for_two_and_for_three()
    {
        (string a, string b, string c) = (Write("a", ""), Write("b", "tensor_parallel: 2"), Write("c", "gpu: l4"));
        foreach (string[] files in new[] { new[] { a, b }, [a, b, c] })
        {
            string screen = Terminal.Print(["compare", .. files, "--price-per-gpu-hour", "2"]);
            Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= 80, line));
            Assert.Equal(files.Length - 1, screen.Split('\n').Count(line => line.EndsWith(" verdict", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(0.0, "0.0%")]
    [InlineData(-0.0312, "-3.1%")]
    [InlineData(1.504, "+150%")]
    [InlineData(149.2, "x150")]
    public void Changes_are_short(double? change, string text) => Assert.Equal(text, ComparisonWords.Percent(change));

    [Fact]
    public void Its_figures_are_those_of_run()
    {
        string b = Write("b", "tensor_parallel: 2");
        string row = Terminal.Print("compare", Write("a", ""), b).Split('\n').Single(line => line.StartsWith("TTFT mean", StringComparison.Ordinal));
        string run = Terminal.Print("run", b).Split('\n').Single(line => line.StartsWith("Time to First Token", StringComparison.Ordinal));
        Assert.Equal(run.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]);
    }

    [Fact]
    public void Json_has_every_figure_with_its_difference()
    {
        string[] command = ["compare", Write("a", "seed: 3"), Write("b", "tensor_parallel: 2\nseed: 4"), "--json", "-"];
        string printed = Terminal.Print(command);
        Assert.Equal(printed, Terminal.Print(command));
        using JsonDocument json = JsonDocument.Parse(printed);
        JsonElement root = json.RootElement, b = root.GetProperty("configurations")[1];
        Assert.Equal("tensor_parallel", root.GetProperty("differing_keys")[0].GetProperty("key").GetString());
        Assert.Equal(3, b.GetProperty("scenario").GetProperty("seed").GetInt32());
        double before = root.GetProperty("configurations")[0].GetProperty("figures").GetProperty("ttft_p99").GetDouble();
        JsonElement ttft = b.GetProperty("differences_from_a").GetProperty("ttft_p99");
        Assert.Equal((b.GetProperty("figures").GetProperty("ttft_p99").GetDouble() / before) - 1, ttft.GetProperty("change").GetDouble(), 4);
        Assert.InRange(ttft.GetProperty("change").GetDouble(), ttft.GetProperty("low").GetDouble(), ttft.GetProperty("high").GetDouble());
        Assert.Equal("better", ttft.GetProperty("verdict").GetString());
    }

    [Fact]
    public void Says_where_seeds_or_workloads_differ()
    {
        string a = Write("a", "seed: 3");
        Assert.Contains("other seeds in the files are", Terminal.Print("compare", a, Write("b", "seed: 4")), StringComparison.Ordinal);
        string rates = Terminal.Print("compare", a, Write("c", "seed: 3\nworkload:\n  request_rate: 4"));
        Assert.Contains("workload.request_rate: A 2, B 4", rates, StringComparison.Ordinal);
        Assert.Contains("the workloads differ", rates, StringComparison.Ordinal);
        Assert.Contains("nothing: they are the same scenario", Terminal.Print("compare", a, Write("d", "seed: 3")), StringComparison.Ordinal);
    }

    [Fact]
    public void Real_differences_are_coloured_where_that_is_wanted()
    {
        ScenarioComparison comparison = Pairs.Compare(Pairs.All[0].B, Pairs.All[0].A, UncertaintyMode.Fast);
        (string plain, string coloured) = (Screen(comparison, false), Screen(comparison, true));
        Assert.DoesNotContain('\e', plain);
        Assert.Matches("E2EL mean, ms +[\\d.]+ +[\\d.]+\e\\[31m.* worse\e\\[0m\n", coloured);
        Assert.Equal(plain, coloured.Replace("\e[31m", "", StringComparison.Ordinal).Replace("\e[32m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal));
    }

    [Fact]
    public void All_problems_of_all_files_are_told_at_once()
    {
        string a = Write("a", "tensor_parallel: 0\nmodell: x"), b = Write("b", "model: llama-2-70b"), none = Path.Combine(_folder, "none.yaml");
        string[] problems = Terminal.Problems("compare", a, b, none, "--uncertainty", "some", "--json", Path.Combine(_folder, "no", "x.json"));
        Assert.Equal(6, problems.Length);
        Assert.All([a, b, none], file => Assert.Contains(problems, problem => problem.StartsWith(file, StringComparison.Ordinal)));
        Assert.StartsWith($"{b}: model: 1", Assert.Single(problems, problem => problem.StartsWith(b, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Single(Terminal.Problems("compare", Write("c", ""), Write("d", "seed: 1"), "--tp", "x"));
    }

    [Fact]
    public void Two_to_six_different_files_are_compared()
    {
        string a = Write("a", "");
        Assert.StartsWith("SCENARIO: 1 file is not allowed (2 to 6)", Assert.Single(Terminal.Problems("compare", a)), StringComparison.Ordinal);
        Assert.StartsWith("SCENARIO: nothing", Assert.Single(Terminal.Problems("compare")), StringComparison.Ordinal);
        Assert.StartsWith($"{a}: this file twice", Assert.Single(Terminal.Problems("compare", a, a)), StringComparison.Ordinal);
        Assert.StartsWith("SCENARIO: 7 files", Terminal.Problems(["compare", .. Enumerable.Range(0, 7).Select(i => Write($"{i}", ""))])[0], StringComparison.Ordinal);
        string both = Path.Combine(_folder, "both");
        Assert.StartsWith("--json and --report", Assert.Single(Terminal.Problems("compare", a, Write("b", ""), "--json", both, "--report", both)), StringComparison.Ordinal);
        Assert.False(File.Exists(both));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Screen(ScenarioComparison comparison, bool hasColours)
    {
        using var text = new StringWriter();
        ComparisonReport.Write(text, comparison, hasColours);
        return text.ToString();
    }

    private string Write(string name, string yaml)
    {
        string path = Path.Combine(_folder, $"{name}.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
