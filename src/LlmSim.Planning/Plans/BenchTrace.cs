using System.Text.Json;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>
/// Requests as <c>vllm bench serve --dataset-name timed_trace</c> takes them: JSON lines with <c>timestamp</c> in milliseconds, <c>input_length</c>,
/// <c>output_length</c> and <c>hash_ids</c>, one for each <see cref="VllmCommands.ChunkTokens"/> tokens; no two prompts share any.
/// </summary>
internal static class BenchTrace
{
    /// <summary>Writes the requests of a workload.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="workload">The workload.</param>
    /// <param name="seed">Its seed.</param>
    /// <exception cref="ConfigException">The requests cannot be read.</exception>
    public static void Write(Stream output, WorkloadSpec workload, ulong seed)
    {
        using RequestSource source = RequestSources.Create(workload, seed);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        long hash = 0;
        while (source.TryNext(out ArrivingRequest request))
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp", decimal.Round(request.Arrival.Nanoseconds / 1_000_000m, 3));
            json.WriteNumber("input_length", request.InputTokens);
            json.WriteNumber("output_length", request.OutputTokens);
            json.WriteStartArray("hash_ids");
            for (int token = 0; token < request.InputTokens; token += VllmCommands.ChunkTokens)
            {
                json.WriteNumberValue(hash++);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.Flush();
            output.Write("\n"u8);
            json.Reset();
        }
    }
}
