using System.Globalization;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting;

/// <summary>The result of a run as one screen of plain text: at most 48 lines of 80 columns.</summary>
/// <remarks>
/// The figures that <c>vllm bench serve</c> prints come in its words and order, its latency blocks folded into one table.
/// </remarks>
public static class ConsoleReport
{
    private const int MaxLines = 48;
    private const int LabelColumns = 40;
    private const int TopOperators = 5;
    private const int MostClasses = 4;

    /// <summary>Writes the screen.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="config">What was simulated.</param>
    /// <param name="statistics">What came out.</param>
    /// <param name="percentiles">Percentiles to show, as many as fit: three; null for 90, 95 and 99.</param>
    /// <param name="intervals">Intervals to show beside the figures; null for those of noise alone.</param>
    public static void Write(
        TextWriter output, SimulatorConfig config, SimulationStatistics statistics, IReadOnlyList<double>? percentiles = null,
        FigureIntervals? intervals = null)
    {
        var lines = new List<string>();
        AddScenario(lines, config, statistics.Engine);
        lines.Add("");
        AddBenchmark(lines, config, statistics, intervals);
        LatencyTable.Add(lines, statistics, percentiles ?? Percentiles.OnTheScreen, intervals);
        lines.Add("");
        AddBreakdown(lines, statistics.Breakdown);
        AddUse(lines, statistics);
        TextLines.AddWrapped(lines, "Limit      ", statistics.Bottleneck.Explanation);
        AddWarnings(lines, statistics.Warnings);
        TextLines.Write(output, lines);
    }

    /// <summary>The experts' own number formats, where they have one.</summary>
    private static string Experts(ModelSpec model)
    {
        var types = model.LayerGroups.Select(group => group.Experts).Append(model.Experts)
            .Select(experts => experts?.WeightType).OfType<DataType>().Distinct().Select(Words.Of).ToList();
        return types.Count > 0 ? $", {string.Join(" and ", types)} experts" : "";
    }

    private static void AddScenario(List<string> lines, SimulatorConfig config, EngineSummary engine)
    {
        foreach ((string label, string text) in Scenario(config, engine))
        {
            TextLines.AddWrapped(lines, $"{label,-11}", text);
        }
    }

    /// <summary>What was simulated, line by line; a line without a label goes on with the one before.</summary>
    internal static IEnumerable<(string Label, string Text)> Scenario(SimulatorConfig config, EngineSummary engine)
    {
        ModelSpec model = config.Model;
        ParallelismSpec parallelism = config.Parallelism;
        int gpus = config.Cluster.GpuCount ?? parallelism.Gpus;
        string kvType = model.KvType is { } type ? $", {Words.Of(type)} KV cache" : "";
        yield return ("Model", $"{model.Name}, {Words.Of(model.WeightType)} weights{Experts(model)}{kvType}");
        yield return ("GPUs", $"{gpus} x {config.Cluster.Gpu.Name}, {Words.Of(parallelism)}");
        yield return ("Engine", $"{Words.OfEngine(config)}max_num_seqs {engine.MaxNumSeqs}, max_num_batched_tokens {engine.MaxNumBatchedTokens}, "
            + $"max_model_len {engine.MaxModelLen}");
        yield return ("", $"{engine.KvBlocks} KV blocks of {engine.BlockSize} tokens, {Words.OfBatching(config, engine.MaxNumSeqs)}");
        yield return ("Workload", WorkloadText(config));
    }

    /// <summary>The requests in words.</summary>
    internal static string WorkloadText(SimulatorConfig config)
    {
        WorkloadSpec workload = config.Workload;
        if (workload.Trace is { } trace)
        {
            return Words.OfTrace(trace) + Words.OfClients(workload) + Words.OfPatience(workload);
        }

        return $"{Words.OfArrivals(workload)}{Words.OfPatience(workload)}, {Words.OfLengths(workload)}{Words.OfContent(workload)}, seed {config.Seed}";
    }

    private static void AddBenchmark(List<string> lines, SimulatorConfig config, SimulationStatistics s, FigureIntervals? intervals)
    {
        lines.Add("============ Serving Benchmark Result ============");
        AddRow("Successful requests:", $"{s.CompletedRequests}");
        AddRow("Failed requests:", $"{s.RejectedRequests + s.AbortedRequests}");
        if (config.Workload.MaxConcurrency is { } clients)
        {
            AddRow("Maximum request concurrency:", $"{clients}");
        }

        AddRow("Request rate configured (RPS):",
            config.Workload.Trace is not null ? "trace"
            : config.Workload.RateCurve is { IsRamp: true } ? "ramp"
            : double.IsPositiveInfinity(config.Workload.RequestRatePerSecond) ? "inf"
            : $"{config.Workload.RequestRatePerSecond:F2}");
        AddFigure("Benchmark duration (s):", one => one.Duration.Seconds);
        AddRow("Total input tokens:", $"{s.InputTokens}");
        AddRow("Total generated tokens:", $"{s.OutputTokens}");
        AddFigure("Request throughput (req/s):", one => one.RequestsPerSecond);
        if (s.Goodput is not null)
        {
            AddFigure("Request goodput (req/s):", one => one.Goodput?.RequestsPerSecond);
        }

        AddFigure("Output token throughput (tok/s):", one => one.OutputTokensPerSecond);
        if (s.Peaks is { } peaks)
        {
            AddRow("Peak output token throughput (tok/s):", $"{peaks.OutputTokensPerSecond:F2}");
            AddRow("Peak concurrent requests:", $"{peaks.ConcurrentRequests:F2}");
        }

        AddFigure("Total token throughput (tok/s):", one => one.TotalTokensPerSecond);

        void AddFigure(string label, Func<SimulationStatistics, double?> figure)
        {
            string interval = intervals?.OfRate(figure) is { } ends ? $" {IntervalLines.Of(ends)}" : "";
            AddRow(label, string.Create(CultureInfo.InvariantCulture, $"{figure(s):F2}{interval}"));
        }

        void AddRow(string label, string value) => lines.Add($"{label,-LabelColumns} {value,-10}");
    }

    private static void AddBreakdown(List<string> lines, CostBreakdown? breakdown)
    {
        if (breakdown is not { TotalSeconds: > 0 })
        {
            return;
        }

        double total = breakdown.TotalSeconds;
        OperatorCost[] operators = [.. breakdown.Operators.OrderByDescending(cost => cost.Seconds).Take(TopOperators)];
        CostClass[] classes = [.. Enum.GetValues<CostClass>().OrderByDescending(breakdown.Seconds)];
        lines.Add("Where the step time goes");
        for (int i = 0; i < classes.Length; i++)
        {
            string left = $"{Words.Of(classes[i]),-16}{breakdown.Seconds(classes[i]) / total,8:0.0%}";
            string right = i < operators.Length ? $"{operators[i].Operator.Label(),-30}{operators[i].Seconds / total,8:0.0%}" : "";
            lines.Add($"  {left}    {right}");
        }
    }

    private static void AddUse(List<string> lines, SimulationStatistics s)
    {
        string utilization = s is { ModelFlopsUtilization: { } mfu, MemoryBandwidthUtilization: { } mbu }
            ? $"; of peak: MFU {mfu:0.0%}, MBU {mbu:0.0%}"
            : "";
        lines.Add($"GPU        busy {s.GpuUtilization:0.0%} of the time{utilization}");
        lines.Add($"Queues     waiting {s.WaitingRequests.Mean:0.0} (max {s.WaitingRequests.Max:0}), "
            + $"running {s.RunningRequests.Mean:0.0} (max {s.RunningRequests.Max:0})");
        lines.Add($"KV cache   {s.KvCacheUsage.Mean:0.0%} in use (max {s.KvCacheUsage.Max:0.0%}), preemptions {s.Preemptions}"
            + (s.Swaps > 0 ? $", swapped {s.Swaps}" : ""));
        if (s.PrefixCache is { } cache)
        {
            TextLines.AddWrapped(lines, "Prefixes   ", Prefixes(cache));
        }

        if (s.Goodput is { } goodput)
        {
            string each = string.Concat(Share("ttft", goodput.TtftShare), Share("tpot", goodput.TpotShare), Share("e2el", goodput.E2elShare));
            TextLines.AddWrapped(lines, "Goodput    ", $"{goodput.Share:0.0%} of the requests keep all objectives{(each.Length > 0 ? $" ({each[2..]})" : "")}");
        }

        foreach (ClassSummary c in s.Classes.Take(MostClasses))
        {
            string good = c.Goodput is { } share ? $", goodput {share.Share:0.0%}" : "";
            TextLines.AddWrapped(lines, "Class      ", $"{c.Name}: {c.CompletedRequests} requests, P99 (ms) TTFT {c.FirstTokenLatency.P99.Milliseconds:0.0}, "
                + $"TPOT {c.TimePerOutputToken.P99.Milliseconds:0.0}, E2EL {c.EndToEndLatency.P99.Milliseconds:0}{good}");
        }

        if (s.Cost is { PerMillionOutputTokens: { } output, PerMillionTotalTokens: { } total })
        {
            lines.Add($"Cost       {output:0.000} per million output tokens, {total:0.000} per million in and out");
        }

        static string Share(string name, double? share) => share is null ? "" : $", {name} {share:0.0%}";
    }

    /// <summary>What the prefix cache found of prompts, where they share anything, and of requests that had been thrown out.</summary>
    private static string Prefixes(PrefixCacheSummary cache)
    {
        string prompts = cache.HitRate is not { } rate
            ? $"not cached; an endless cache would have {cache.IdealHitRate:0.0%} of the prompt tokens"
            : $"hit rate {rate:0.0%} of the prompt tokens, of an endless cache {cache.IdealHitRate:0.0%}";
        string resumed = $"requests thrown out found {cache.PreemptedHitRate:0.0%} of their tokens again";
        return cache.PreemptedHits == 0 ? prompts
            : cache.Hits + cache.IdealHits == 0 ? resumed
            : $"{prompts}; {resumed}";
    }

    private static void AddWarnings(List<string> lines, IReadOnlyList<string> warnings)
    {
        for (int i = 0; i < warnings.Count; i++)
        {
            var wrapped = new List<string>();
            TextLines.AddWrapped(wrapped, "Warning    ", warnings[i]);
            int left = MaxLines - lines.Count - (i + 1 < warnings.Count ? 1 : 0);
            if (wrapped.Count > left)
            {
                lines.Add($"Warning    {warnings.Count - i} more; --json lists them all.");
                return;
            }

            lines.AddRange(wrapped);
        }
    }
}
