using System.Globalization;
using System.Text.Json;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Tests.Cli;
using LlmSim.Tests.Reporting;
using LlmSim.Validation;

namespace LlmSim.Tests.Validation;

/// <summary>Run folders: read, replayed, compared; and what is wrong with them, by file and line.</summary>
public sealed class RunFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-run-").FullName;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void What_the_simulator_measured_is_simulated_without_an_error(int? timeoutSeconds)
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(150), timeoutSeconds);
        MeasuredRun run = Read();
        ValidatedRun result = ValidatedRun.Of(run, skipSeconds: 1);
        foreach (Comparison comparison in new[] { result.Whole, result.Rest! })
        {
            Assert.Equal(comparison.Measured, comparison.Simulated);
            Assert.All(Figure.All, figure => Assert.Equal(0.0, comparison.Error(figure)));
        }

        Assert.Equal((150, timeoutSeconds is not null), (result.Whole.Measured.Answered + result.Whole.Measured.Failed, result.Whole.Measured.Failed > 0));
        Assert.Equal(timeoutSeconds is null ? [] : ["client_timeout_s is not given: 1, after which requests failed"], run.Notes);
    }

    [Fact]
    public void The_server_is_the_one_described()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server + """, "prefix_caching": false, "host": { "ingress_seconds": 0.001 }""", SyntheticRun.Requests(3));
        SimulatorConfig config = Read().Config;
        Assert.Equal(("llama-2-7b", "h100-80gb-sxm", "vllm@0.15.1"), (config.Model.Name, config.Cluster.Gpu.Name, $"{config.Engine}"));
        Assert.Equal(new SchedulerSpec { MaxNumSeqs = 16, MaxNumBatchedTokens = 512, NumGpuBlocksOverride = 600, EnablePrefixCaching = false }, config.Scheduler);
        Assert.Equal((1e-3, null, ServingClock.Client), (config.Host.IngressSeconds, config.Host.StreamSecondsPerToken, config.Clock));
    }

    [Fact]
    public void Equal_prompt_ids_are_equal_prompts()
    {
        MeasuredRequest[] requests = SyntheticRun.Requests(150);
        SyntheticRun.Write(_folder, SyntheticRun.Server, requests);
        double shared = ValidatedRun.Of(Read(), null).Whole.Simulated.MeanTtft!.Value;
        SyntheticRun.Write(_folder, SyntheticRun.Server, [.. requests.Select((request, i) => request with { Prompt = i })]);
        Assert.InRange(shared, 0, 0.97 * ValidatedRun.Of(Read(), null).Whole.Simulated.MeanTtft!.Value);
    }

    [Fact]
    public void Prompts_that_only_a_period_tells_are_the_same_as_by_their_ids()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(30));
        string[] rows = [.. File.ReadAllLines(Table).Select(row => row[..row.LastIndexOf(',')])];
        File.WriteAllLines(Table, rows);
        File.WriteAllText(Experiment, $$"""{ {{SyntheticRun.Server}}, "distinct_prompts": 10 }""");
        Assert.Equal(0.0, ValidatedRun.Of(Read(), null).Whole.Error(Figure.All[0]));
    }

    [Fact]
    public void Generated_tokens_go_before_those_that_the_client_counted()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(30));
        File.WriteAllText(Experiment, $$"""{ {{SyntheticRun.Server}}, "generated_tokens_per_request": 100 }""");
        Assert.All(Read().Requests, request => Assert.Equal(100, request.OutputTokens));
    }

    [Theory]
    [InlineData("client", 0.004 + (40 * 2.5e-6) + 60e-6)]
    [InlineData("engine", 0)]
    public void The_clock_says_whether_the_front_end_counts(string clock, double more)
    {
        // A lone request: what the client sees more than the engine is the way in, the tokeniser, and one stream.
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(1));
        double engine = Ttft("engine");
        Assert.Equal(more, Ttft(clock) - engine, 9);

        double Ttft(string by)
        {
            string json = Terminal.Print("validate", _folder, "--clock", by, "--json", "-");
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetProperty("runs")[0].GetProperty("all").GetProperty("mean_ttft").GetProperty("simulated").GetDouble();
        }
    }

    [Fact]
    public void Prints_a_table_for_each_run_and_the_mean_errors()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server + """, "id": "a run" """, SyntheticRun.Requests(30));
        string printed = Terminal.Print("validate", _folder, _folder, "--skip-seconds", "0.3");
        Assert.StartsWith("a run\n  llama-2-7b on 1 x h100-80gb-sxm, vllm@0.15.1, times of the client, 30 requests\n", printed, StringComparison.Ordinal);
        Assert.Contains("mean |error|, 2 runs           all   after 0.3 s          held\n  TTFT mean                   0.0%          0.0%        2 of 2\n", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("assumed", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_intervals_it_prints_none()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(30));
        string printed = Terminal.Print("validate", _folder, "--uncertainty", "off");
        Assert.Contains("                       measured  simulated    error\n", printed, StringComparison.Ordinal);
        Assert.Contains("mean |error|, 1 run            all\n  TTFT mean                   0.0%\n", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("80%", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("inside", Terminal.Print("validate", _folder, "--uncertainty", "off", "--json", "-"), StringComparison.Ordinal);
    }

    [Fact]
    public void Measured_figures_are_inside_their_intervals_or_marked()
    {
        // The table was measured on a server of its own kind; with half the memory bandwidth it is far off.
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(60));
        Assert.Matches(@"80% intervals hold (\d+) of \1 measured figures, 100\.0%\.", Terminal.Print("validate", _folder));
        string printed = Terminal.Print("validate", _folder, "--gpu", "a100-40gb-pcie", "--uncertainty", "full");
        Assert.Contains("OUT\n", printed, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(Terminal.Print("validate", _folder, "--gpu", "a100-40gb-pcie", "--json", "-"));
        JsonElement run = json.RootElement.GetProperty("runs")[0];
        Assert.Equal(16, run.GetProperty("draws").GetInt32());
        int inside = 0;
        foreach (JsonProperty figure in run.GetProperty("all").EnumerateObject().Where(property => property.Value.TryGetProperty("inside", out _)))
        {
            JsonElement ends = figure.Value.GetProperty("simulated_pi80");
            double measured = figure.Value.GetProperty("measured").GetDouble();
            bool isInside = ends[0].GetDouble() <= measured && measured <= ends[1].GetDouble();
            Assert.Equal(isInside, figure.Value.GetProperty("inside").GetBoolean());
            inside += isInside ? 1 : 0;
        }

        Assert.Equal(inside, json.RootElement.GetProperty("coverage").GetProperty("inside").GetInt32());
        Assert.InRange(inside, 0, 3);
    }

    [Fact]
    public void The_fit_needs_draws()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(3));
        Assert.StartsWith("--fit-residual: --uncertainty off is not allowed",
            Assert.Single(Terminal.Problems("validate", _folder, "--fit-residual", "--uncertainty", "off")), StringComparison.Ordinal);
        Assert.Contains("\n  all runs ", Terminal.Print("validate", _folder, "--fit-residual"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_servers_gauges_are_compared_where_they_were_read()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(60));
        Assert.Null(ValidatedRun.Of(Read(), null).Load);
        SyntheticRun.WriteLoad(_folder);
        LoadComparison same = ValidatedRun.Of(Read(), null).Load!;
        Assert.All(LoadComparison.Levels, level => Assert.Equal(0, same.MeanDifference(level)!.Value, 9));
        Assert.True(same.MeanMeasured(LoadComparison.Levels[1]) > 1, "requests wait");

        // Two more run and three fewer wait than do; the cache is said to be empty all the time.
        string[] rows = [.. File.ReadAllLines(Gauges)];
        File.WriteAllLines(Gauges, rows.Select((row, i) => i == 0 ? row : Shifted(row.Split(','))));
        MeasuredRun run = Read();
        LoadComparison shifted = ValidatedRun.Of(run, null).Load!;
        Assert.Equal(new double?[] { 2, 3, null }, LoadComparison.Levels.Select(level => shifted.MeanDifference(level) is { } difference ? Math.Round(difference, 9) : (double?)null));
        Assert.Contains("kv_cache_pct is 0 throughout although requests ran: it was not measured", run.Notes);
        Assert.Contains("  running", Terminal.Print("validate", _folder), StringComparison.Ordinal);

        static string Shifted(string[] fields) =>
            string.Create(CultureInfo.InvariantCulture, $"{fields[0]},1,{Number(fields[2]) + 2},{Number(fields[3]) + 3},0");

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Gauges_count_from_the_clock_of_the_arrivals()
    {
        File.WriteAllText(Experiment, $$"""{ {{SyntheticRun.Server}} }""");
        File.WriteAllText(Table, "arrival_s,input_tokens,output_tokens,ttft_s,e2e_s\n100.5,40,10,0.1,3.5\n100.7,77,10,0.1,3.6\n");
        File.WriteAllText(Gauges, "t,running,waiting\n100,7,0\n101,2,1\n");
        Assert.Equal(new LoadPoint(SimTime.FromSeconds(0.5), 2, 1, null), Assert.Single(Read().Load));
    }

    [Fact]
    public void A_page_shows_both_sides_of_each_run()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server + """, "id": "watched" """, SyntheticRun.Requests(60));
        SyntheticRun.WriteLoad(_folder);
        string other = Path.Combine(_folder, "other");
        Directory.CreateDirectory(other);
        SyntheticRun.Write(other, SyntheticRun.Server, SyntheticRun.Requests(900));
        string path = Path.Combine(_folder, "report.html");
        string printed = Terminal.Print("validate", _folder, other, "--skip-seconds", "1", "--report", path);
        Assert.Equal(printed, Terminal.Print("validate", _folder, other, "--skip-seconds", "1"));

        string html = File.ReadAllText(path);
        Assert.DoesNotMatch("<link|<img|<iframe|<script src", html);
        Browser.Page page = Browser.Open(path, dark: false);
        Assert.Empty(page.Console);
        string[] distributions = ["106 106", "106 106", "106 106"];
        Assert.Equal([.. distributions, "60 60", "60 60", "60 60", "60 60", "60 60", "60 60", .. distributions, "300 300", "300 300", "300 300"], page.Points.Take(15));
        Assert.All(page.Points.Skip(15), points => Assert.InRange(int.Parse(points, CultureInfo.InvariantCulture), 240, 241));
        Assert.Equal(18, page.Points.Count);
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_told_beforehand()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(3));
        Assert.StartsWith("--report: /nowhere/at/all.html is not allowed", Assert.Single(Terminal.Problems("validate", _folder, "--report", "/nowhere/at/all.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timeseries.csv:1 header: t,running is not allowed (columns t, running, waiting as well", "t,running\n1,2\n")]
    [InlineData("timeseries.csv:2 kv_cache_pct: 101 is not allowed (a number from 0 to 100", "t,running,waiting,kv_cache_pct\n1,2,3,101\n")]
    [InlineData("timeseries.csv:3 t: 0.5 is not allowed (not before the line above", "t,running,waiting\n1,2,3\n0.5,2,3\n")]
    [InlineData("timeseries.csv:2: 1,2 with 2 fields is not allowed (3 fields", "t,running,waiting\n1,2\n")]
    public void What_is_wrong_with_gauges_is_told_by_its_line(string problem, string text)
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(3));
        File.WriteAllText(Gauges, text);
        Assert.Contains(problem, Assert.Single(Problems()).Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_scheduled_after_the_first_token()
    {
        File.WriteAllText(Experiment, $$"""{ {{SyntheticRun.Server}} }""");
        File.WriteAllText(Table, "arrival_s,input_tokens,output_tokens,scheduled_s,ttft_s,e2e_s\n0.05,40,10,0.15,0.1,3.5\n0.07,77,10,,0.1,3.6\n");
        Assert.Contains("requests.csv:2 scheduled_s: '0.15' is not allowed (at most ttft_s, which is 0.1;", Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requests.csv:3 arrival_s: '' is not allowed (a number of seconds", "0.07,", ",")]
    [InlineData("requests.csv:3 arrival_s: 0 is not allowed (not before the line above", "0.07,", "0,")]
    [InlineData("requests.csv:3 input_tokens: 'x77' is not allowed (a whole number of tokens", ",77,", ",x77,")]
    [InlineData("requests.csv:1 header: index,sent_s,", "arrival_s", "sent_s")]
    [InlineData("requests.csv:2 e2e_s: '' is not allowed", ",3.5,0,", ",,0,")]
    [InlineData("requests.csv:2 ttft_s: '0.1' is not allowed (at most e2e_s, which is 0.05)", ",3.5,0,", ",0.05,0,")]
    [InlineData("requests.csv:2: '0,0.05,40,10,0.1,3.5,0' with 7 fields is not allowed (8 fields", ",0,a", ",0")]
    public void What_is_wrong_with_a_row_is_told_by_its_line(string problem, string before, string after)
    {
        File.WriteAllText(Experiment, $$"""{ {{SyntheticRun.Server}} }""");
        string rows = "index,arrival_s,input_tokens,output_tokens,ttft_s,e2e_s,error,prompt_id\n0,0.05,40,10,0.1,3.5,0,a\n1,0.07,77,10,0.1,3.6,0,b\n";
        File.WriteAllText(Table, rows.Replace(before, after, StringComparison.Ordinal));
        Assert.Contains(problem, Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("experiment.json:1: gpu: 'H900' is not allowed (known names", """ "model": "llama-2-7b", "gpu": "H900" """)]
    [InlineData("experiment.json:1: model: 'lama-2-7b' is not allowed", """ "model": "lama-2-7b", "gpu": "h100" """)]
    [InlineData("experiment.json:1: gpu: nothing is not allowed", """ "model": "llama-2-7b" """)]
    [InlineData("experiment.json:1: engine: vllm@0.99.0 is not allowed", """ "model": "llama-2-7b", "gpu": "h100", "engine_version": "0.99" """)]
    [InlineData("experiment.json:1: clock: wall is not allowed (client, engine", """ "model": "llama-2-7b", "gpu": "h100", "clock": "wall" """)]
    [InlineData("experiment.json: successes: 3 is not allowed (2, the requests", """ "model": "llama-2-7b", "gpu": "h100", "successes": 3 """)]
    [InlineData("throughput.output_tokens_per_sec: 9 is not allowed (within 10% of 5.", """
        "model": "llama-2-7b", "gpu": "h100", "throughput": { "requests_per_sec": 0.55, "output_tokens_per_sec": 9 }
        """)]
    [InlineData("throughput.requests_per_sec: 5 is not allowed (within 10% of 0.55", """
        "model": "llama-2-7b", "gpu": "h100", "throughput": { "requests_per_sec": 5 }
        """)]
    public void What_is_wrong_with_the_description_is_told(string problem, string experiment)
    {
        File.WriteAllText(Experiment, $"{{ {experiment} }}");
        File.WriteAllText(Table, "arrival_s,input_tokens,output_tokens,ttft_s,e2e_s\n0.05,40,10,0.1,3.5\n0.07,77,10,0.1,3.6\n");
        Assert.Contains(problem, Assert.Single(Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void All_folders_are_looked_at_before_anything_runs()
    {
        SyntheticRun.Write(_folder, SyntheticRun.Server, SyntheticRun.Requests(3));
        string[] problems = Terminal.Problems("validate", _folder, "nowhere", Path.GetTempPath(), "--skip-seconds", "soon");
        Assert.Contains(problems, p => p.StartsWith("nowhere: no such folder is not allowed", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("experiment.json: no such file is not allowed", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("--skip-seconds: soon is not allowed", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Experiment => Path.Combine(_folder, "experiment.json");

    private string Gauges => Path.Combine(_folder, "timeseries.csv");

    private string Table => Path.Combine(_folder, "requests.csv");

    private MeasuredRun Read() => RunFolder.Read(_folder, ScenarioNode.Object(ScenarioOrigin.Flag("")));

    private string[] Problems() => Terminal.Problems("validate", _folder);
}
