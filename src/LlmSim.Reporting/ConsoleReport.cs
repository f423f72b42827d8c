using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Specs;

namespace LlmSim.Reporting;

/// <summary>The result of a run as one screen of plain text: at most 40 lines of 80 columns.</summary>
/// <remarks>
/// The figures that <c>vllm bench serve</c> prints come in its words and order, its latency blocks folded into one table.
/// </remarks>
public static class ConsoleReport
{
    private const int MaxLines = 40;
    private const int Columns = 80;
    private const int TableColumns = 50;
    private const int LabelColumns = 40;
    private const int TopOperators = 5;

    /// <summary>Writes the screen.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="config">What was simulated.</param>
    /// <param name="statistics">What came out.</param>
    public static void Write(TextWriter output, SimulatorConfig config, SimulationStatistics statistics)
    {
        var lines = new List<string>();
        AddScenario(lines, config, statistics.Engine);
        lines.Add("");
        AddBenchmark(lines, config, statistics);
        AddLatencies(lines, statistics);
        lines.Add("");
        AddBreakdown(lines, statistics.Breakdown);
        AddUse(lines, statistics);
        AddWrapped(lines, "Limit      ", statistics.Bottleneck.Explanation);
        AddWarnings(lines, statistics.Warnings);
        foreach (string line in lines)
        {
            output.Write(line.TrimEnd());
            output.Write('\n');
        }
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
        ModelSpec model = config.Model;
        ParallelismSpec parallelism = config.Parallelism;
        int gpus = config.Cluster.GpuCount ?? parallelism.Gpus;
        string kvType = model.KvType is { } type ? $", {Words.Of(type)} KV cache" : "";
        AddWrapped(lines, "Model      ", $"{model.Name}, {Words.Of(model.WeightType)} weights{Experts(model)}{kvType}");
        AddWrapped(lines, "GPUs       ", $"{gpus} x {config.Cluster.Gpu.Name}, {Words.Of(parallelism)}");
        AddWrapped(lines, "Engine     ",
            $"max_num_seqs {engine.MaxNumSeqs}, max_num_batched_tokens {engine.MaxNumBatchedTokens}, "
            + $"max_model_len {engine.MaxModelLen}");
        AddWrapped(lines, "           ",
            $"{engine.KvBlocks} KV blocks of {engine.BlockSize} tokens, "
            + Words.OfBatching(config, engine.MaxNumSeqs));
        AddWrapped(lines, "Workload   ", Workload(config));
    }

    private static string Workload(SimulatorConfig config)
    {
        WorkloadSpec workload = config.Workload;
        if (workload.Trace is { } trace)
        {
            return Words.OfTrace(trace) + Words.OfClients(workload);
        }

        return $"{Words.OfArrivals(workload)}, {Words.OfLengths(workload)}, seed {config.Seed}";
    }

    private static void AddBenchmark(List<string> lines, SimulatorConfig config, SimulationStatistics s)
    {
        lines.Add(Centred(" Serving Benchmark Result ", '='));
        AddRow("Successful requests:", $"{s.CompletedRequests}");
        AddRow("Failed requests:", $"{s.RejectedRequests}");
        if (config.Workload.MaxConcurrency is { } clients)
        {
            AddRow("Maximum request concurrency:", $"{clients}");
        }

        AddRow("Request rate configured (RPS):",
            config.Workload.Trace is not null ? "trace"
            : config.Workload.RateCurve is { IsRamp: true } ? "ramp"
            : double.IsPositiveInfinity(config.Workload.RequestRatePerSecond) ? "inf"
            : $"{config.Workload.RequestRatePerSecond:F2}");
        AddRow("Benchmark duration (s):", $"{s.Duration.Seconds:F2}");
        AddRow("Total input tokens:", $"{s.InputTokens}");
        AddRow("Total generated tokens:", $"{s.OutputTokens}");
        AddRow("Request throughput (req/s):", $"{s.RequestsPerSecond:F2}");
        AddRow("Output token throughput (tok/s):", $"{s.OutputTokensPerSecond:F2}");
        AddRow("Total token throughput (tok/s):", $"{s.TotalTokensPerSecond:F2}");

        void AddRow(string label, string value) => lines.Add($"{label,-LabelColumns} {value,-10}");
    }

    private static void AddLatencies(List<string> lines, SimulationStatistics s)
    {
        lines.Add($"{Centred(" Latency (ms) ", '-')[..39]}{"Mean",8}{"Median",8}{"P90",8}{"P95",8}{"P99",8}");
        AddRow("Time to First Token", s.FirstTokenLatency);
        AddRow("Time per Output Token (excl. 1st token)", s.TimePerOutputToken);
        AddRow("Inter-token Latency", s.InterTokenLatency);
        AddRow("End-to-end Latency", s.EndToEndLatency);
        AddRow("Queue time", s.QueueTime);

        void AddRow(string label, LatencySummary latency) => lines.Add(latency.Count == 0
            ? $"{label,-39}{"none",8}"
            : $"{label,-39}{Cell(latency.Mean.Milliseconds)}{Cell(latency.P50.Milliseconds)}{Cell(latency.P90.Milliseconds)}"
                + $"{Cell(latency.P95.Milliseconds)}{Cell(latency.P99.Milliseconds)}");
    }

    // Seven digits and a point at most, so that columns stay apart: 9999.99, 99999.9, 9999999.
    private static string Cell(double milliseconds) =>
        milliseconds < 9999.995 ? $"{milliseconds,8:F2}" : milliseconds < 99999.95 ? $"{milliseconds,8:F1}" : $" {milliseconds,7:F0}";

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
        lines.Add($"KV cache   {s.KvCacheUsage.Mean:0.0%} in use (max {s.KvCacheUsage.Max:0.0%}), preemptions {s.Preemptions}");
    }

    private static void AddWarnings(List<string> lines, IReadOnlyList<string> warnings)
    {
        for (int i = 0; i < warnings.Count; i++)
        {
            var wrapped = new List<string>();
            AddWrapped(wrapped, "Warning    ", warnings[i]);
            int left = MaxLines - lines.Count - (i + 1 < warnings.Count ? 1 : 0);
            if (wrapped.Count > left)
            {
                lines.Add($"Warning    {warnings.Count - i} more; --json lists them all.");
                return;
            }

            lines.AddRange(wrapped);
        }
    }

    /// <summary>Adds text behind a label, broken between words; what follows the first line is indented by the label's width.</summary>
    private static void AddWrapped(List<string> lines, string label, string text)
    {
        string line = label;
        bool empty = true;
        foreach (string word in text.Split(' '))
        {
            if (!empty && line.Length + 1 + word.Length > Columns)
            {
                lines.Add(line);
                line = new string(' ', label.Length);
                empty = true;
            }

            line += empty ? word : $" {word}";
            empty = false;
        }

        lines.Add(line);
    }

    private static string Centred(string text, char fill)
    {
        int left = (TableColumns - text.Length) / 2;
        return new string(fill, left) + text + new string(fill, TableColumns - text.Length - left);
    }
}
