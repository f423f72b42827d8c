using System.Text.Json;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Simulation;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting;

/// <summary>The result of a run as JSON: times in seconds, shares from 0 to 1, what has no value null.</summary>
public static class ResultJson
{
    /// <summary>Gives the result as UTF-8, the same bytes for the same run on any machine.</summary>
    /// <param name="statistics">Figures of the run.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="version">Version of the simulator.</param>
    /// <param name="writeScenario">Writes the scenario as one JSON value.</param>
    /// <param name="percentiles">Percentiles to give beside 50, 90, 95 and 99; null for none.</param>
    /// <param name="intervals">Intervals to put beside the figures; null for none.</param>
    public static byte[] ToUtf8(
        SimulationStatistics statistics, ulong seed, string version, Action<Utf8JsonWriter> writeScenario,
        IReadOnlyList<double>? percentiles = null, FigureIntervals? intervals = null)
    {
        double[] all = [.. Percentiles.InEveryResult, .. (percentiles ?? []).Except(Percentiles.InEveryResult)];
        return JsonText.ToUtf8(json =>
        {
            WriteCounts(json, statistics, intervals);
            WriteLatencies(json, statistics, all, intervals);
            WriteUse(json, statistics, intervals);
            WritePrefixCache(json, statistics.PrefixCache);
            WriteGoodput(json, statistics.Goodput);
            WriteCost(json, statistics.Cost);
            WriteClasses(json, statistics, all, intervals);
            WriteBreakdown(json, statistics.Breakdown);
            WriteVerdict(json, statistics);
            UncertaintyJson.Write(json, intervals);
            json.WritePropertyName("scenario");
            writeScenario(json);
            json.WriteNumber("seed", seed);
            json.WriteString("version", version);
            json.WriteBoolean("partial", statistics.IsPartial);
        });
    }

    private static void WriteCounts(Utf8JsonWriter json, SimulationStatistics s, FigureIntervals? intervals)
    {
        json.WriteNumber("total_requests", s.TotalRequests);
        json.WriteNumber("completed_requests", s.CompletedRequests);
        json.WriteNumber("rejected_requests", s.RejectedRequests);
        json.WriteNumber("rejected_queue_full", s.QueueFullRejections);
        json.WriteNumber("aborted_requests", s.AbortedRequests);
        json.WriteNumber("wasted_input_tokens", s.WastedInputTokens);
        json.WriteNumber("wasted_output_tokens", s.WastedOutputTokens);
        json.WriteNumber("total_input_tokens", s.InputTokens);
        json.WriteNumber("total_tokens_generated", s.OutputTokens);
        json.WriteNumber("simulation_time", s.SimulationTime.Seconds);
        WriteFigure(json, "duration", s, intervals, one => one.Duration.Seconds);
        WriteFigure(json, "throughput_requests_per_sec", s, intervals, one => one.RequestsPerSecond);
        WriteFigure(json, "request_goodput", s, intervals, one => one.Goodput?.RequestsPerSecond);
        WriteFigure(json, "throughput_tokens_per_sec", s, intervals, one => one.OutputTokensPerSecond);
        WriteFigure(json, "throughput_input_tokens_per_sec", s, intervals, one => one.InputTokensPerSecond);
        WriteFigure(json, "throughput_total_tokens_per_sec", s, intervals, one => one.TotalTokensPerSecond);
    }

    private static void WriteLatencies(Utf8JsonWriter json, SimulationStatistics s, double[] percentiles, FigureIntervals? intervals)
    {
        Write("first_token_latency", one => one.FirstTokenLatency, isFirst: true);
        Write("end_to_end_latency", one => one.EndToEndLatency, isFirst: false);
        Write("prefill_latency", one => one.PrefillLatency, isFirst: true);
        Write("time_per_output_token", one => one.TimePerOutputToken, isFirst: false);
        Write("inter_token_latency", one => one.InterTokenLatency, isFirst: false);
        Write("queue_time", one => one.QueueTime, isFirst: true);

        void Write(string name, Func<SimulationStatistics, LatencySummary> latency, bool isFirst) =>
            WriteLatency(json, name, s, latency, percentiles, intervals, isFirst);
    }

    private static void WriteLatency(
        Utf8JsonWriter json, string name, SimulationStatistics s, Func<SimulationStatistics, LatencySummary?> select, double[] percentiles,
        FigureIntervals? intervals, bool isFirst)
    {
        LatencySummary latency = select(s)!;
        json.WriteStartObject(name);
        WriteTime("mean", latency.Mean);
        WriteTime("std", latency.Std);
        WriteTime("min", latency.Min);
        WriteTime("max", latency.Max);
        foreach (double percent in percentiles)
        {
            WriteTime(Percentiles.Name(percent), latency.Percentile(percent));
        }

        json.WriteNumber("count", latency.Count);
        WriteInterval(json, "mean_ci95", latency.MeanInterval);
        foreach (double percent in percentiles)
        {
            WriteInterval(json, $"{Percentiles.Name(percent)}_ci95", latency.PercentileInterval(percent));
        }

        if (intervals is not null)
        {
            UncertaintyJson.WriteInterval(json, "mean", intervals.OfMean(select, isFirst));
            foreach (double percent in percentiles)
            {
                UncertaintyJson.WriteInterval(json, Percentiles.Name(percent), intervals.OfPercentile(select, percent, isFirst));
            }
        }

        json.WriteEndObject();

        void WriteTime(string field, SimTime time)
        {
            if (latency.Count > 0)
            {
                json.WriteNumber(field, time.Seconds);
            }
            else
            {
                json.WriteNull(field);
            }
        }
    }

    private static void WriteInterval(Utf8JsonWriter json, string name, ConfidenceInterval? interval)
    {
        if (interval is not { } ends)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        json.WriteNumberValue(ends.Low.Seconds);
        json.WriteNumberValue(ends.High.Seconds);
        json.WriteEndArray();
    }

    private static void WriteUse(Utf8JsonWriter json, SimulationStatistics s, FigureIntervals? intervals)
    {
        WriteFigure(json, "gpu_utilization", s, intervals, one => one.GpuUtilization, isShare: true);
        JsonText.WriteOptional(json, "model_flops_utilization", s.ModelFlopsUtilization);
        WriteWork("model_flops_utilization", s.ModelFlopsUtilization);
        JsonText.WriteOptional(json, "memory_bandwidth_utilization", s.MemoryBandwidthUtilization);
        WriteWork("memory_bandwidth_utilization", s.MemoryBandwidthUtilization);
        json.WriteStartObject("queue_lengths");
        WriteGauge(json, "waiting", s, intervals, one => one.WaitingRequests);
        WriteGauge(json, "running", s, intervals, one => one.RunningRequests);
        JsonText.WriteOptional(json, "growth_per_sec", s.Queue?.GrowthPerSecond);
        json.WriteEndObject();
        json.WriteNumber("preemptions", s.Preemptions);
        json.WriteNumber("swaps", s.Swaps);
        WriteGauge(json, "kv_cache_usage", s, intervals, one => one.KvCacheUsage, isShare: true);

        // The same work in another time.
        void WriteWork(string name, double? share)
        {
            if (intervals is not null)
            {
                UncertaintyJson.WriteInterval(json, name, AtMost1(intervals.OfRate(share, one => one.RequestsPerSecond)));
            }
        }
    }

    private static void WritePrefixCache(Utf8JsonWriter json, PrefixCacheSummary? cache)
    {
        if (cache is null)
        {
            return;
        }

        json.WriteStartObject("prefix_cache");
        json.WriteNumber("requests", cache.Requests);
        json.WriteNumber("requests_with_hit", cache.RequestsWithHit);
        json.WriteNumber("queries", cache.Queries);
        json.WriteNumber("hits", cache.Hits);
        JsonText.WriteOptional(json, "hit_rate", cache.HitRate);
        json.WriteNumber("preempted_queries", cache.PreemptedQueries);
        json.WriteNumber("preempted_hits", cache.PreemptedHits);
        json.WriteNumber("saved_tokens", cache.SavedTokens);
        json.WriteNumber("prompt_tokens", cache.PromptTokens);
        json.WriteNumber("ideal_hits", cache.IdealHits);
        JsonText.WriteOptional(json, "ideal_hit_rate", cache.IdealHitRate);
        json.WriteEndObject();
    }

    private static void WriteGoodput(Utf8JsonWriter json, GoodputSummary? goodput)
    {
        if (goodput is null)
        {
            json.WriteNull("goodput");
            return;
        }

        json.WriteStartObject("goodput");
        json.WriteNumber("requests", goodput.Requests);
        json.WriteNumber("share", goodput.Share);
        JsonText.WriteOptional(json, "ttft_share", goodput.TtftShare);
        JsonText.WriteOptional(json, "tpot_share", goodput.TpotShare);
        JsonText.WriteOptional(json, "e2el_share", goodput.E2elShare);
        json.WriteEndObject();
    }

    private static void WriteClasses(Utf8JsonWriter json, SimulationStatistics s, double[] percentiles, FigureIntervals? intervals)
    {
        if (s.Classes.Count == 0)
        {
            return;
        }

        json.WriteStartArray("classes");
        foreach (ClassSummary c in s.Classes)
        {
            json.WriteStartObject();
            json.WriteString("name", c.Name);
            json.WriteNumber("completed_requests", c.CompletedRequests);
            json.WriteNumber("rejected_requests", c.RejectedRequests);
            json.WriteNumber("aborted_requests", c.AbortedRequests);
            json.WriteNumber("total_input_tokens", c.InputTokens);
            json.WriteNumber("total_tokens_generated", c.OutputTokens);
            JsonText.WriteOptional(json, "request_goodput", c.Goodput?.RequestsPerSecond);
            WriteGoodput(json, c.Goodput);
            Write("first_token_latency", one => one.FirstTokenLatency, isFirst: true);
            Write("time_per_output_token", one => one.TimePerOutputToken, isFirst: false);
            Write("end_to_end_latency", one => one.EndToEndLatency, isFirst: false);
            Write("queue_time", one => one.QueueTime, isFirst: true);
            JsonText.WriteOptional(json, "queue_growth_per_sec", c.Queue?.GrowthPerSecond);
            json.WriteEndObject();

            // Classes that a trace brings may be missing from its beginning.
            void Write(string name, Func<ClassSummary, LatencySummary> latency, bool isFirst) => WriteLatency(
                json, name, s, one => one.Classes.FirstOrDefault(other => other.Name == c.Name) is { } same ? latency(same) : null,
                percentiles, intervals, isFirst);
        }

        json.WriteEndArray();
    }

    private static void WriteCost(Utf8JsonWriter json, CostSummary? cost)
    {
        if (cost is null)
        {
            json.WriteNull("cost");
            return;
        }

        json.WriteStartObject("cost");
        json.WriteNumber("per_hour", cost.PerHour);
        JsonText.WriteOptional(json, "per_million_output_tokens", cost.PerMillionOutputTokens);
        JsonText.WriteOptional(json, "per_million_total_tokens", cost.PerMillionTotalTokens);
        json.WriteEndObject();
    }

    private static void WriteGauge(
        Utf8JsonWriter json, string name, SimulationStatistics s, FigureIntervals? intervals, Func<SimulationStatistics, GaugeSummary> gauge,
        bool isShare = false)
    {
        json.WriteStartObject(name);
        WriteFigure(json, "mean", s, intervals, one => gauge(one).Mean, isShare);
        json.WriteNumber("max", gauge(s).Max);
        json.WriteEndObject();
    }

    /// <summary>A rate, share or level, and its interval.</summary>
    private static void WriteFigure(
        Utf8JsonWriter json, string name, SimulationStatistics s, FigureIntervals? intervals, Func<SimulationStatistics, double?> figure,
        bool isShare = false)
    {
        JsonText.WriteOptional(json, name, figure(s));
        if (intervals is not null)
        {
            PredictionInterval? interval = intervals.OfRate(figure);
            UncertaintyJson.WriteInterval(json, name, isShare ? AtMost1(interval) : interval);
        }
    }

    private static PredictionInterval? AtMost1(PredictionInterval? interval) =>
        interval is { } ends ? ends with { High = Math.Min(1, ends.High) } : null;

    private static void WriteBreakdown(Utf8JsonWriter json, CostBreakdown? breakdown)
    {
        if (breakdown is null)
        {
            json.WriteNull("breakdown");
            return;
        }

        json.WriteStartObject("breakdown");
        foreach (CostClass costClass in Enum.GetValues<CostClass>())
        {
            json.WriteNumber(Words.Of(costClass), breakdown.Seconds(costClass));
        }

        json.WriteStartObject("operators");
        foreach (OperatorCost cost in breakdown.Operators)
        {
            json.WriteNumber(JsonNamingPolicy.SnakeCaseLower.ConvertName(cost.Operator.ToString()), cost.Seconds);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteVerdict(Utf8JsonWriter json, SimulationStatistics s)
    {
        json.WriteString("bottleneck", s.Bottleneck.Explanation);
        json.WriteStartArray("warnings");
        foreach (string warning in s.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        EngineSummary engine = s.Engine;
        json.WriteStartObject("engine");
        json.WriteNumber("max_num_seqs", engine.MaxNumSeqs);
        json.WriteNumber("max_num_batched_tokens", engine.MaxNumBatchedTokens);
        json.WriteNumber("max_model_len", engine.MaxModelLen);
        json.WriteNumber("kv_blocks", engine.KvBlocks);
        json.WriteNumber("block_size", engine.BlockSize);
        json.WriteEndObject();
    }
}
