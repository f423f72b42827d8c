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
    public void What_is_wrong_is_named(string workload, params string[] fields)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Parse(workload));
        Assert.Equal(fields.Order(), error.Problems.Select(p => p.Field.Split(": ")[1]).Order());
        Assert.All(error.Problems, problem => Assert.All([problem.Value, problem.Allowed, problem.Fix], Assert.NotEmpty));
    }

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
