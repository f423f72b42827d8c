using System.Text.Json;
using LlmSim.Metrics;
using LlmSim.Planning.Objectives;

namespace LlmSim.Reporting;

/// <summary>What capacities and plans write of a run: its main figures and which goal it comes nearest to missing.</summary>
internal static class RunFiguresJson
{
    /// <summary>Writes the goals.</summary>
    public static void WriteGoal(Utf8JsonWriter json, ServiceGoal goal)
    {
        json.WriteStartObject("goal");
        json.WriteStartArray("objectives");
        foreach (LatencyObjective objective in goal.Objectives)
        {
            json.WriteStartObject();
            json.WriteString("of", objective.Name);
            json.WriteNumber("limit", objective.Limit.Seconds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        JsonText.WriteOptional(json, "goodput_share", goal.GoodputShare);
        json.WriteEndObject();
    }

    /// <summary>Writes the members of a run: rates per second, times in seconds, shares from 0 to 1.</summary>
    public static void Write(Utf8JsonWriter json, SimulationStatistics s, GoalVerdict verdict)
    {
        json.WriteBoolean("keeps_goal", verdict.IsKept);
        json.WriteString("nearest_goal", verdict.Name);
        JsonText.WriteOptional(json, "share_of_limit", double.IsFinite(verdict.Ratio) && verdict.Ratio >= 0 ? verdict.Ratio : null);
        json.WriteNumber("requests", s.TotalRequests);
        json.WriteNumber("completed_requests", s.CompletedRequests);
        json.WriteNumber("throughput_requests_per_sec", s.RequestsPerSecond);
        json.WriteNumber("throughput_tokens_per_sec", s.OutputTokensPerSecond);
        WriteLatency("first_token_latency", s.FirstTokenLatency);
        WriteLatency("time_per_output_token", s.TimePerOutputToken);
        WriteLatency("inter_token_latency", s.InterTokenLatency);
        WriteLatency("end_to_end_latency", s.EndToEndLatency);
        WriteLatency("queue_time", s.QueueTime);
        JsonText.WriteOptional(json, "goodput_share", s.Goodput?.Share);
        json.WriteNumber("gpu_utilization", s.GpuUtilization);
        json.WriteNumber("kv_cache_usage", s.KvCacheUsage.Mean);
        json.WriteNumber("running", s.RunningRequests.Mean);
        json.WriteNumber("waiting", s.WaitingRequests.Mean);
        json.WriteNumber("preemptions", s.Preemptions);
        JsonText.WriteOptional(json, "cost_per_hour", s.Cost?.PerHour);
        JsonText.WriteOptional(json, "cost_per_million_output_tokens", s.Cost?.PerMillionOutputTokens);
        json.WriteString("bottleneck", s.Bottleneck.Explanation);

        void WriteLatency(string name, LatencySummary latency)
        {
            json.WriteStartObject(name);
            JsonText.WriteOptional(json, "mean", latency.Count > 0 ? latency.Mean.Seconds : null);
            foreach (double percent in Percentiles.InEveryResult)
            {
                JsonText.WriteOptional(json, Percentiles.Name(percent), latency.Count > 0 ? latency.Percentile(percent).Seconds : null);
            }

            json.WriteEndObject();
        }
    }
}
