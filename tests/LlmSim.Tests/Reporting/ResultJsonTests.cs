using System.Text;
using System.Text.Json.Nodes;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Specs;
using LlmSim.Tests.Metrics;

namespace LlmSim.Tests.Reporting;

public sealed class ResultJsonTests
{
    private static readonly string[] Latencies =
    [
        "first_token_latency", "end_to_end_latency", "prefill_latency", "time_per_output_token", "inter_token_latency", "queue_time",
    ];

    [Fact]
    public void Every_promised_field_is_there()
    {
        JsonObject result = Parse(Toy.Statistics());
        string[] fields =
        [
            "total_requests", "completed_requests", "rejected_requests", "total_tokens_generated", "simulation_time",
            "throughput_requests_per_sec", "throughput_tokens_per_sec", "gpu_utilization", "queue_lengths", "preemptions", "swaps",
            "kv_cache_usage", "breakdown", "scenario", "seed", "version", "partial", .. Latencies,
        ];
        Assert.Empty(fields.Except(result.Select(field => field.Key)));
        string[] ofLatency =
        [
            "mean", "std", "min", "max", "p50", "p90", "p95", "p99", "count", "mean_ci95", "p50_ci95", "p90_ci95", "p95_ci95", "p99_ci95",
        ];
        Assert.All(Latencies, latency => Assert.Equal(ofLatency, result[latency]!.AsObject().Select(field => field.Key)));
        string[] ofBreakdown = ["compute", "memory", "communication", "latency", "host", "operators"];
        Assert.Equal(ofBreakdown, result["breakdown"]!.AsObject().Select(field => field.Key));
    }

    [Fact]
    public void Values_are_those_of_the_toy_in_seconds()
    {
        JsonObject result = Parse(Toy.Statistics());
        Assert.Equal(3, (long)result["completed_requests"]!);
        Assert.Equal(6, (long)result["total_tokens_generated"]!);
        Assert.Equal(0.14, (double)result["simulation_time"]!);
        Assert.Equal(0.025, (double)result["first_token_latency"]!["max"]!);
        Assert.Equal(75, (double)result["throughput_requests_per_sec"]!);
        Assert.Equal(2, (double)result["queue_lengths"]!["running"]!["max"]!);
        Assert.Equal(1, (double)result["queue_lengths"]!["waiting"]!["max"]!);
        Assert.Equal(0.55, (double)result["kv_cache_usage"]!["max"]!);
        Assert.Equal(0.024, (double)result["breakdown"]!["memory"]!);
        Assert.Equal(0.014, (double)result["breakdown"]!["operators"]!["mlp_up"]!);
        Assert.Equal(18446744073709551615, (ulong)result["seed"]!);
        Assert.Equal("1.2.3", (string?)result["version"]);
        Assert.Equal("toy", (string?)result["scenario"]!["name"]);
        Assert.False((bool)result["partial"]!);
    }

    [Fact]
    public void What_was_not_measured_is_null_and_not_zero()
    {
        var metrics = new SimulationMetrics(new MetricsCollector(Toy.Limits), Toy.Limits, null, isPartial: true);
        JsonObject result = Parse(metrics.ComputeStatistics());
        Assert.Null(result["first_token_latency"]!["mean"]);
        Assert.Equal(0, (long)result["first_token_latency"]!["count"]!);
        Assert.Null(result["breakdown"]);
        Assert.True((bool)result["partial"]!);
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes() => Assert.Equal(Utf8(Toy.Statistics()), Utf8(Toy.Statistics()));

    [Fact]
    public void Lines_end_alike_everywhere()
    {
        string text = Encoding.UTF8.GetString(Utf8(Toy.Statistics()));
        Assert.StartsWith("{\n  \"total_requests\": 3,\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Percentiles_goodput_and_cost_are_there_when_asked_for()
    {
        SimulationStatistics s = Toy.Statistics(new SloSpec { TtftMilliseconds = 15 }, pricePerHour: 9);
        JsonObject result = JsonNode.Parse(ResultJson.ToUtf8(s, 0, "1.2.3", json => json.WriteNullValue(), [99.9, 50, 0]))!.AsObject();
        Assert.Equal(0.01, (double)result["first_token_latency"]!["p0"]!);
        Assert.InRange((double)result["first_token_latency"]!["p99.9"]!, 0.0249, 0.025);
        Assert.Equal(50, (double)result["request_goodput"]!);
        Assert.Equal(2 / 3.0, (double)result["goodput"]!["ttft_share"]!);
        Assert.Null(result["goodput"]!["tpot_share"]);
        Assert.Equal(0.0001 / 6 * 1e6, (double)result["cost"]!["per_million_output_tokens"]!, 1e-9);
        Assert.Null(Parse(Toy.Statistics())["request_goodput"]);
        Assert.Null(Parse(Toy.Statistics())["cost"]);
    }

    private static JsonObject Parse(SimulationStatistics statistics) => JsonNode.Parse(Utf8(statistics))!.AsObject();

    private static byte[] Utf8(SimulationStatistics statistics) => ResultJson.ToUtf8(statistics, ulong.MaxValue, "1.2.3", json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "toy");
        json.WriteEndObject();
    });
}
