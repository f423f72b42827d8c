using System.CommandLine;
using LlmSim.Cli.Scenarios;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Scenarios;

/// <summary>The load in scenario files and flags: what is written reads back, and what is wrong is named.</summary>
public sealed class LoadScenarioTests
{
    [Theory]
    [InlineData("\"burstiness\": 0.5")]
    [InlineData("\"burstiness\": \"inf\"")]
    [InlineData("\"rate_curve\": \"linear:start=1,end=10\"")]
    [InlineData("\"rate_curve\": \"exponential:start=1,end=10\", \"duration\": 5")]
    [InlineData("\"rate_curve\": \"diurnal:amplitude=0.2,period=3600\"")]
    [InlineData("\"rate_curve\": {\"curve\": \"bursts\", \"on\": 1, \"off\": 2, \"periods\": \"fixed\"}")]
    [InlineData("\"input_len\": \"normal:mean=512,sigma=100\", \"output_len\": \"exponential:mean=64,max=512\"")]
    [InlineData("\"input_len\": \"zipf:shape=1.2,max=4096\", \"output_len\": \"pareto:shape=1.5,min=64\"")]
    [InlineData("\"input_len\": \"empirical:a/b=c,d..e.csv\", \"output_len\": {\"distribution\": \"empirical\", \"path\": \"x\", \"max\": 9}")]
    [InlineData("\"range_ratio\": 0.5")]
    [InlineData("\"length_correlation\": -0.3")]
    [InlineData("\"dataset\": \"pairs.csv\"")]
    [InlineData("\"trace\": \"t.csv\", \"trace_start\": 1, \"trace_end\": 9.5, \"trace_repeat\": 3, \"trace_class\": \"chat\", \"trace_span\": 4")]
    public void What_is_written_reads_back(string workload)
    {
        SimulatorConfig config = Parse(workload);
        Assert.NotEqual(new WorkloadSpec(), config.Workload);
        string json = ScenarioJson.Write(config);
        Assert.Equal(config.Workload, ScenarioJson.Parse(json).Workload);
        Assert.Equal(json, ScenarioJson.Write(ScenarioJson.Parse(json)));
    }

    [Theory]
    [InlineData("\"burstiness\": -1", "workload.burstiness")]
    [InlineData("\"rate_curve\": \"steep\"", "workload.rate_curve")]
    [InlineData("\"rate_curve\": \"steep:start=1\"", "workload.rate_curve.curve")]
    [InlineData("\"rate_curve\": \"linear:start=1,end=x\"", "workload.rate_curve.end")]
    [InlineData("\"rate_curve\": \"linear:start=1,stop=2\"", "workload.rate_curve.stop")]
    [InlineData("\"rate_curve\": \"linear:start=1,end=2\", \"request_rate\": 3", "workload.request_rate")]
    [InlineData("\"rate_curve\": \"diurnal:amplitude=2,period=0\"", "workload.rate_curve.amplitude", "workload.rate_curve.period")]
    [InlineData("\"rate_curve\": \"bursts:on=1,off=2\", \"trace\": \"t.csv\"", "workload.rate_curve")]
    [InlineData("\"input_len\": \"normal:mean=512,shape=x\"", "workload.input_len.shape")]
    [InlineData("\"input_len\": \"empirical:\"", "workload.input_len.path")]
    [InlineData("\"input_len\": 99, \"dataset\": \"d.csv\", \"length_correlation\": 1", "workload.input_len", "workload.length_correlation")]
    [InlineData("\"dataset\": 7, \"trace\": \"t.csv\"", "workload.dataset")]
    [InlineData("\"dataset\": []", "workload.dataset")]
    [InlineData("\"trace_span\": 7, \"trace_repeat\": 2", "workload.trace_span", "workload.trace_repeat")]
    [InlineData("\"trace\": \"t.csv\", \"trace_span\": 7, \"trace_scale\": 2", "workload.trace_span")]
    [InlineData("\"classes\": 3", "workload.classes")]
    [InlineData("\"classes\": [3]", "workload.classes[0]")]
    [InlineData("\"classes\": [{\"share\": 1}]", "workload.classes[0].name")]
    [InlineData("\"classes\": [{\"name\": \"a\", \"share\": 0.4}, {\"name\": \"b\", \"share\": 0.5}]", "workload.classes")]
    [InlineData("\"classes\": [{\"name\": \"a\", \"share\": 1}, {\"name\": \"a\", \"share\": 0, \"color\": 1}]",
        "workload.classes[1].name", "workload.classes[1].share", "workload.classes[1].color")]
    [InlineData("\"classes\": [{\"name\": \"a\", \"share\": 1, \"input_len\": \"normal:mean=0,sigma=1\", \"tpot_ms\": 0}]",
        "workload.classes[0].input_len.mean", "workload.classes[0].tpot_ms")]
    public void What_is_wrong_is_named(string workload, params string[] fields)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Parse(workload));
        Assert.Equal(fields.Order(), error.Problems.Select(p => p.Field.Split(": ")[1]).Order());
        Assert.All(error.Problems, problem => Assert.All([problem.Value, problem.Allowed, problem.Fix], Assert.NotEmpty));
    }

    [Fact]
    public void Classes_read_back()
    {
        const string classes = """
            "classes": [
              {"name": "chat", "share": 0.75, "input_len": "lognormal:mean=300,sigma=0.5", "ttft_ms": 500, "tpot_ms": 50},
              {"name": "batch", "share": 0.25, "output_len": 1000, "priority": 5, "e2e_ms": 60000}
            ]
            """;
        SimulatorConfig config = Parse(classes);
        RequestClassSpec[] expected =
        [
            new()
            {
                Name = "chat",
                Share = 0.75,
                InputLength = LengthSpec.Lognormal(300, 0.5),
                FirstTokenMilliseconds = 500,
                PerTokenMilliseconds = 50,
            },
            new() { Name = "batch", Share = 0.25, OutputLength = LengthSpec.Fixed(1000), Priority = 5, EndToEndMilliseconds = 60000 },
        ];
        Assert.Equal(expected, config.Workload.Classes);
        Assert.Equal(expected, ScenarioJson.Parse(ScenarioJson.Write(config)).Workload.Classes);
    }

    [Fact]
    public void A_problem_in_a_list_is_found_on_its_line()
    {
        const string yaml = "workload:\n  classes:\n    - name: a\n      share: 0.5\n    - {name: b, share: -0.5}\n    - name: c\n      share: 2\n";
        ConfigException error = Assert.Throws<ConfigException>(() => ScenarioReader.Read(YamlNodes.Parse(yaml, "s.yaml")));
        Assert.Equal(["s.yaml:5: workload.classes[1].share", "s.yaml:7: workload.classes[2].share"], error.Problems.Select(p => p.Field));
    }

    [Fact]
    public void Flags_of_vllm_bench_describe_random_lengths() => Assert.Equal(
        new WorkloadSpec { InputLength = LengthSpec.Fixed(1024), OutputLength = LengthSpec.Fixed(64), RangeRatio = 0.25 },
        Flags("--random-input-len", "1024", "--random-output-len", "64", "--random-range-ratio", "0.25").Workload);

    [Fact]
    public void Flags_of_vllm_bench_describe_a_ramp()
    {
        SimulatorConfig config = Flags("--burstiness", "0.5", "--ramp-up-strategy", "exponential",
            "--ramp-up-start-rps", "1", "--ramp-up-end-rps", "8");
        Assert.Equal(
            new WorkloadSpec
            {
                Burstiness = 0.5,
                RateCurve = new() { Curve = RateCurve.Exponential, StartRatePerSecond = 1, EndRatePerSecond = 8 },
            },
            config.Workload);
    }

    [Theory]
    [InlineData("--rate-curve", "linear:start=1,end=2", "--ramp-up-start-rps", "3")]
    [InlineData("--ramp-up-start-rps", "3", "--rate-curve", "linear:start=1,end=2")]
    public void A_curve_is_given_whole_or_in_parts(params string[] arguments)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Flags(arguments));
        Assert.Equal("--ramp-up-start-rps", Assert.Single(error.Problems).Field);
    }

    private static SimulatorConfig Parse(string workload) => ScenarioJson.Parse($"{{\"workload\": {{{workload}}}}}");

    private static SimulatorConfig Flags(params string[] arguments)
    {
        var command = new RootCommand();
        var options = new ScenarioOptions(command);
        return options.Read(command.Parse(arguments), path: null);
    }
}
