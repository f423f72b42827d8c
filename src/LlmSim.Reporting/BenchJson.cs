using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Reporting;

/// <summary>
/// The result in the shape of <c>vllm bench serve --save-result</c> (<c>vllm/benchmarks/serve.py</c>), for the scripts and plots
/// that people have for it: one line, milliseconds where names end in <c>_ms</c>.
/// </summary>
/// <remarks>The date is that of the epoch, so that the same run gives the same bytes.</remarks>
public static class BenchJson
{
    private const string Date = "19700101-000000";
    private const string Backend = "llmsim";

    // What vllm bench serve writes unless it is asked for others.
    private static readonly double[] DefaultPercentiles = [99];

    /// <summary>Gives the result as UTF-8.</summary>
    /// <param name="statistics">Figures of the run, peaks included.</param>
    /// <param name="config">What was simulated.</param>
    /// <param name="percentiles">Percentiles of each latency; null for the 99th.</param>
    public static byte[] ToUtf8(SimulationStatistics statistics, SimulatorConfig config, IReadOnlyList<double>? percentiles = null)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteSetup(json, statistics, config);
            WriteTotals(json, statistics);
            IReadOnlyList<double> wanted = percentiles ?? DefaultPercentiles;
            WriteLatency(json, "ttft", statistics.FirstTokenLatency, wanted);
            WriteLatency(json, "tpot", statistics.TimePerOutputToken, wanted);
            WriteLatency(json, "itl", statistics.InterTokenLatency, wanted);
            WriteLatency(json, "e2el", statistics.EndToEndLatency, wanted);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteSetup(Utf8JsonWriter json, SimulationStatistics s, SimulatorConfig config)
    {
        json.WriteString("date", Date);
        json.WriteString("endpoint_type", Backend);
        json.WriteString("backend", Backend);
        json.WriteNull("label");
        json.WriteString("model_id", config.Model.Name);
        json.WriteString("tokenizer_id", config.Model.Name);
        json.WriteNumber("num_prompts", s.TotalRequests);
        WorkloadSpec workload = config.Workload;
        WriteOrInfinite(json, "request_rate", workload.Trace is null ? workload.RequestRatePerSecond : double.PositiveInfinity);
        WriteOrInfinite(json, "burstiness", workload.Arrival == ArrivalProcess.Deterministic ? double.PositiveInfinity : workload.Burstiness);
        if (workload.MaxConcurrency is { } clients)
        {
            json.WriteNumber("max_concurrency", clients);
        }
        else
        {
            json.WriteNull("max_concurrency");
        }
    }

    private static void WriteTotals(Utf8JsonWriter json, SimulationStatistics s)
    {
        json.WriteNumber("duration", s.Duration.Seconds);
        json.WriteNumber("completed", s.CompletedRequests);
        json.WriteNumber("failed", s.TotalRequests - s.CompletedRequests);
        json.WriteNumber("total_input_tokens", s.InputTokens);
        json.WriteNumber("total_output_tokens", s.OutputTokens);
        json.WriteNumber("request_throughput", s.RequestsPerSecond);
        if (s.Goodput is { } goodput)
        {
            json.WriteNumber("request_goodput", goodput.RequestsPerSecond);
        }
        else
        {
            json.WriteNull("request_goodput");
        }

        json.WriteNumber("output_throughput", s.OutputTokensPerSecond);
        json.WriteNumber("total_token_throughput", s.TotalTokensPerSecond);
        json.WriteNumber("max_output_tokens_per_s", s.Peaks?.OutputTokensPerSecond ?? 0);
        json.WriteNumber("max_concurrent_requests", s.Peaks?.ConcurrentRequests ?? 0);
    }

    // Without a sample all is 0, as there.
    private static void WriteLatency(Utf8JsonWriter json, string name, LatencySummary latency, IReadOnlyList<double> percentiles)
    {
        json.WriteNumber($"mean_{name}_ms", latency.Mean.Milliseconds);
        json.WriteNumber($"median_{name}_ms", latency.P50.Milliseconds);
        json.WriteNumber($"std_{name}_ms", latency.Std.Milliseconds);
        foreach (double percent in percentiles)
        {
            json.WriteNumber($"{Percentiles.Name(percent)}_{name}_ms", latency.Percentile(percent).Milliseconds);
        }
    }

    private static void WriteOrInfinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteString(name, "inf");
        }
    }
}
