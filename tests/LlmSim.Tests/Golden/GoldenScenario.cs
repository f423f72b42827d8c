using System.Text;
using LlmSim.Cli.Scenarios;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Golden;

/// <summary>A scenario file of this folder, with the figures it gave when they were last looked at.</summary>
internal sealed record GoldenScenario(string Name)
{
    private static readonly string Folder = Checkout.At("tests", "LlmSim.Tests", "Golden");

    public static IEnumerable<string> Names { get; } =
        [.. Directory.GetFiles(Folder, "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    public string FiguresPath => Path.Combine(Folder, $"{Name}.json");

    public SimulatorConfig Config { get; } = Read(Path.Combine(Folder, $"{Name}.yaml"));

    public SimulationStatistics Run(bool stepByStep = false) =>
        new LlmInferenceSimulator(Config with { StepByStep = stepByStep }).Run().ComputeStatistics();

    /// <summary>All of a result but the scenario.</summary>
    public string Result(bool stepByStep = false) =>
        Encoding.UTF8.GetString(ResultJson.ToUtf8(Run(stepByStep), Config.Seed, "test", json => json.WriteNullValue()));

    public static IReadOnlyList<(string Name, double Value)> Figures(SimulationStatistics s) =>
    [
        ("completed", s.CompletedRequests),
        ("rejected", s.RejectedRequests),
        ("duration_s", s.Duration.Seconds),
        ("requests_per_s", s.RequestsPerSecond),
        ("output_tokens_per_s", s.OutputTokensPerSecond),
        ("ttft_mean_ms", s.FirstTokenLatency.Mean.Milliseconds),
        ("ttft_p99_ms", s.FirstTokenLatency.P99.Milliseconds),
        ("tpot_mean_ms", s.TimePerOutputToken.Mean.Milliseconds),
        ("tpot_p99_ms", s.TimePerOutputToken.P99.Milliseconds),
        ("e2e_mean_ms", s.EndToEndLatency.Mean.Milliseconds),
        ("e2e_p99_ms", s.EndToEndLatency.P99.Milliseconds),
        ("gpu_utilization", s.GpuUtilization),
        ("model_flops_utilization", s.ModelFlopsUtilization ?? 0),
        ("running_mean", s.RunningRequests.Mean),
        ("kv_usage_max", s.KvCacheUsage.Max),
        ("preemptions", s.Preemptions),
    ];

    private static SimulatorConfig Read(string path) => ScenarioReader.Read(YamlNodes.Parse(File.ReadAllText(path), path));
}
