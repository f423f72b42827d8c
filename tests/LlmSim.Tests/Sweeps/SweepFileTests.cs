using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Sweeps;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Sweeps;

/// <summary>What a sweep file says, and what is refused.</summary>
public sealed class SweepFileTests : IDisposable
{
    private readonly SweepFolder _folder = new();

    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "", "axes: nothing is not allowed (at least one field with its values)" },
        { "axes: {}", "axes: nothing is not allowed" },
        { "axes: [1]", "axes: a list is not allowed (fields, each with its values)" },
        { "axis:\n  seed: [1]\naxes:\n  seed: [1]", "sweep.yaml:1: axis: this key is not allowed (known keys of a sweep: scenario, axes, zip). Did you mean axes?" },
        { "model: llama-2-7b\naxes:\n  seed: [1]", "sweep.yaml:1: model: this key is not allowed (known keys of a sweep: scenario, axes, zip). What all runs share stands below scenario." },
        { "axes:\n  seed: 3", "sweep.yaml:2: seed: 3 is not allowed (a list of values, or a range" },
        { "axes:\n  seed: []", "sweep.yaml:2: seed: an empty list is not allowed" },
        { "axes:\n  seed: [1, 2, 1]", "seed: 1 a second time is not allowed (different values)" },
        { "axes:\n  seed: [1]\n  seed: [2]", "sweep.yaml:3: seed: this key a second time is not allowed" },
        { "axes:\n  seed: [1]\nzip:\n  - {seed: [1, 2], tensor_parallel: [1, 2]}", "seed: this field a second time is not allowed (an axis once)" },
        { "zip:\n  - {model: [a, b], tensor_parallel: [1]}", "sweep.yaml:2: zip: 2 of model, 1 of tensor_parallel is not allowed (as many values of each" },
        { "zip: {model: [a, b]}", "zip: an object is not allowed (a list of groups" },
        { "axes:\n  seed..x: [1]", "seed..x: this field is not allowed (keys with dots between" },
        { "axes:\n  workload.classes[x].share: [1]", "workload.classes[x].share: this field is not allowed (keys with dots between" },
        { "axes:\n  workload.classes[2].share: [1]", "sweep.yaml:2: workload.classes[2].share: classes[2] is not allowed (a place in the scenario's list, which has 0)" },
        { "axes:\n  sead: [1]", "sweep.yaml:2: sead: this key is not allowed (known keys: model" },
        { "axes:\n  workload.reqest_rate: [1]", "sweep.yaml:2: workload.reqest_rate: this key is not allowed (known keys: arrival" },
        { "axes:\n  workload.request_rate: [1, -1]", "sweep.yaml:2: workload.request_rate: -1 is not allowed" },
        { "axes:\n  workload.request_rate: [-1, 1]\n  seed: [1, 2]", "sweep.yaml:2: workload.request_rate: -1 is not allowed" },
        { "axes:\n  workload.request_rate:\n    - 1\n    - fast", "sweep.yaml:4: workload.request_rate: fast is not allowed (a number of requests per second)" },
        { "axes:\n  model: [llama-2-7b, lama-2-7b]", "sweep.yaml:2: model: lama-2-7b is not allowed (known names" },
        { "axes:\n  workload.trace: [nowhere.csv]", "nowhere.csv (no such file)" },
        { "axes:\n  profile: [auto, nowhere.json]", "nowhere.json" },
        { "scenario: nowhere.yaml\naxes:\n  seed: [1]", "nowhere.yaml: no such file is not allowed" },
        { "scenario: [1]\naxes:\n  seed: [1]", "sweep.yaml:1: scenario: a list is not allowed (the path of a scenario file, or its keys)" },
        { "scenario: {modell: x}\naxes:\n  seed: [1]", "sweep.yaml:1: modell: this key is not allowed" },
        { "axes:\n  seed: {from: 1, to: 10000, step: 1}\n  workload.num_requests: {from: 1, to: 10000, step: 1}", "axes: 100000000 runs is not allowed (at most 10000000)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void One_problem_is_one_line(string yaml, string words)
    {
        string path = _folder.Write("sweep.yaml", yaml);
        Assert.Contains(words, Assert.Single(Terminal.Problems("sweep", path, "--out", _folder["out.csv"])), StringComparison.Ordinal);
        Assert.Equal(["sweep.yaml"], _folder.Files);
    }

    public static TheoryData<string, string[]> RefusedFlags { get; } = new()
    {
        { "--out: nothing is not allowed", [] },
        { "--out: - is not allowed", ["--out", "-"] },
        { "--out: /dev/null is not allowed", ["--out", "/dev/null"] },
        { "--out: x.txt is not allowed (a name that ends in .csv or .parquet)", ["--out", "x.txt"] },
        { "--out: x.csv is not allowed (a name other than .csv or .parquet, with --shard", ["--out", "x.csv", "--shard", "1/2"] },
        { "its folder does not exist", ["--out", "/no/such/folder/x.csv"] },
        { "--shard: 0/2 is not allowed", ["--out", "x.shard", "--shard", "0/2"] },
        { "--shard: 3/2 is not allowed", ["--out", "x.shard", "--shard", "3/2"] },
        { "--shard: two is not allowed", ["--out", "x.shard", "--shard", "two"] },
        { "--report: r.html is not allowed (only of a whole sweep)", ["--out", "x.shard", "--shard", "1/2", "--report", "r.html"] },
        { "--out and --report: x.csv is not allowed (a file each)", ["--out", "x.csv", "--report", "x.csv"] },
        { "--threads: 0 is not allowed (a number from 1 to 1024)", ["--out", "x.csv", "--threads", "0"] },
        { "--request-rate: 3 is not allowed (not together with the axis workload.request_rate)", ["--out", "x.csv", "--request-rate", "3"] },
        { "--model: llama-2-7b is not allowed (not together with the axis model)", ["--out", "x.csv", "--model", "llama-2-7b"] },
    };

    [Theory]
    [MemberData(nameof(RefusedFlags))]
    public void So_are_those_of_flags(string words, string[] flags) =>
        Assert.Contains(words, Assert.Single(Terminal.Problems(["sweep", _folder.Sweep, .. flags])), StringComparison.Ordinal);

    [Fact]
    public void All_problems_come_at_once()
    {
        string path = _folder.Write("sweep.yaml", "axes:\n  seed: []\n  model: x\nzip:\n  - {gpu: [a], dtype: [a, b]}\nfoo: 1\n");
        string[] problems = Terminal.Problems("sweep", path, "--out", "x.csv", "--threads", "0", "--shard", "x");
        Assert.Equal(["foo", "seed", "model", "zip", "--threads", "--shard", "--out"],
            problems.Select(problem => problem.Split(" is not allowed")[0].Replace($"{path}:", "", StringComparison.Ordinal).Split(": ")).Select(words => words[0].StartsWith('-') ? words[0] : words[1]));
    }

    [Fact]
    public void The_last_axis_varies_fastest_and_groups_come_after_axes()
    {
        SweepSpec sweep = Read("axes:\n  seed: [1, 2]\n  tensor_parallel: [4, 8]\nzip:\n  - {model: [a, b], gpu: [x, y]}\n  - {dtype: [fp16]}\n");
        Assert.Equal(
            ["1 4 a x fp16", "1 4 b y fp16", "1 8 a x fp16", "1 8 b y fp16", "2 4 a x fp16", "2 4 b y fp16", "2 8 a x fp16", "2 8 b y fp16"],
            Enumerable.Range(0, (int)sweep.Grid.Count).Select(point => sweep.At(point))
                .Select(at => string.Join(' ', new[] { "seed", "tensor_parallel", "model", "gpu", "dtype" }.Select(key => at[key]!.Text))));
    }

    [Fact]
    public void Axes_are_laid_over_the_scenario()
    {
        SweepSpec sweep = Read("""
            scenario:
              seed: 5
              model: llama-2-7b
              workload:
                request_rate: 3
                input_len: lognormal:mean=300,sigma=0.5,max=2000
                classes: [{name: chat, share: 0.5}, {name: batch, share: 0.1}]
            axes:
              workload.request_rate: [7]
              workload.input_len.sigma: [0.9]
              workload.classes[1].share: [0.5]
              workload.output_len: [{distribution: uniform, min: 5, max: 9}]
              model.layers: [30]
            """);
        SimulatorConfig config = ScenarioReader.Read(sweep.At(0));
        Assert.Equal((7, 5ul, 30), (config.Workload.RequestRatePerSecond, config.Seed, config.Model.Layers));
        Assert.Equal((300, 0.9, 2000), (config.Workload.InputLength.Mean, config.Workload.InputLength.Sigma, config.Workload.InputLength.Max));
        Assert.Equal([0.5, 0.5], config.Workload.Classes.Select(one => one.Share));
        Assert.Equal(LengthSpec.Uniform(5, 9), config.Workload.OutputLength);
        Assert.Equal("{distribution: uniform, min: 5, max: 9}", sweep.Columns[3][0].Texts[0]);
        Assert.Equal("3", sweep.Scenario["workload"]!["request_rate"]!.Text); // points share the scenario, which stays as it is
    }

    [Fact]
    public void A_scenario_may_be_a_file_and_json_is_read_too()
    {
        _folder.Write("base.json", """{"workload": {"num_requests": 30}, "seed": 3}""");
        _folder.Write("sweep.json", """{"scenario": "base.json", "axes": {"tensor_parallel": [1, 2]}}""");
        Terminal.Print("sweep", _folder["sweep.json"], "--out", _folder["json.csv"], "-q", "--request-rate", "9");
        _folder.Write("sweep.yaml", "scenario:\n  workload: {num_requests: 30, request_rate: 9}\n  seed: 3\naxes:\n  tensor_parallel: [1, 2]\n");
        Assert.Equal(_folder.Run("yaml.csv"), File.ReadAllBytes(_folder["json.csv"]));
        Assert.Equal(3, File.ReadAllLines(_folder["yaml.csv"]).Length);
    }

    [Fact]
    public void Values_that_are_impossible_only_together_are_not_refused()
    {
        _folder.Write("sweep.yaml", "scenario:\n  workload: {num_requests: 5}\n  scheduler: {batching: static}\naxes:\n"
            + "  scheduler.max_num_seqs: [8, 16, 32]\n  scheduler.batch_size: [32, 16, 8]\n");
        _folder.Run("out.csv");
        Assert.Equal(["not_possible", "not_possible", "ok", "not_possible", "ok", "ok", "ok", "ok", "ok"], _folder.Rows("out.csv").Skip(1).Select(row => row[3]));
        Assert.Contains("\"scheduler.batch_size: 32 is not allowed (at most max_num_seqs, which is 8", File.ReadAllText(_folder["out.csv"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_tries_to_make_a_value_right_is_bounded()
    {
        // 200,000 combinations, and one value that is wrong in all of them.
        string path = _folder.Write("sweep.yaml", "axes:\n  seed: {from: 1, to: 20000, step: 1}\n  workload.request_rate: [1, 2, 3, 4, 5, 6, 7, 8, 9, -1]\n");
        Assert.Contains("workload.request_rate: -1 is not allowed", Assert.Single(Terminal.Problems("sweep", path, "--out", _folder["out.csv"])), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static SweepSpec Read(string yaml) =>
        SweepFile.Read(YamlNodes.Parse(yaml, "sweep.yaml"), ScenarioNode.Object(ScenarioOrigin.Flag("")), _ => throw new InvalidOperationException());
}
