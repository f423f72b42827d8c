using System.Text.Json;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Tests.Cli;
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
        Assert.Contains("80% intervals hold 7 of 7 measured figures, 100.0%.", Terminal.Print("validate", _folder), StringComparison.Ordinal);
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

    private string Table => Path.Combine(_folder, "requests.csv");

    private MeasuredRun Read() => RunFolder.Read(_folder, ScenarioNode.Object(ScenarioOrigin.Flag("")));

    private string[] Problems() => Terminal.Problems("validate", _folder);
}
