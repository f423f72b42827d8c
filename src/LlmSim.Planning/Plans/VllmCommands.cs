using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;

namespace LlmSim.Planning.Plans;

/// <summary>A deployment as vLLM's own command lines: the server, and the benchmark that would check it.</summary>
internal static class VllmCommands
{
    private const string HuggingFace = "https://huggingface.co/";

    /// <summary>Tokens that one hash stands for in the file that <see cref="Bench"/> may name.</summary>
    public const int ChunkTokens = 512;

    /// <summary>The model's id on Hugging Face, or its name where that is not known.</summary>
    public static string ModelId(ModelSpec model)
    {
        if (!model.Source.StartsWith(HuggingFace, StringComparison.Ordinal))
        {
            return model.Name;
        }

        string[] parts = model.Source[HuggingFace.Length..].Split('/');
        return parts.Length >= 2 ? $"{parts[0]}/{parts[1]}" : model.Name;
    }

    /// <summary>The server's flags, each as it would be typed, behind <c>vllm serve</c>.</summary>
    /// <param name="outcome">The deployment.</param>
    /// <param name="published">The model as it is published.</param>
    public static IReadOnlyList<string> Serve(PlanOutcome outcome, ModelSpec published)
    {
        (SimulatorConfig config, EngineSummary engine) = (outcome.Config, outcome.Statistics.Engine);
        (ParallelismSpec layout, SchedulerSpec given) = (config.Parallelism, config.Scheduler);
        var flags = new List<string> { $"vllm serve {ModelId(config.Model)}", $"--tensor-parallel-size {layout.TensorParallel}" };
        Add(layout.PipelineParallel > 1, $"--pipeline-parallel-size {layout.PipelineParallel}");
        Add(ReplicasPerNode(config) > 1, $"--data-parallel-size {ReplicasPerNode(config)}");
        Add(NodesPerServer(config) > 1, "--distributed-executor-backend ray");
        Add(config.Model.WeightType != published.WeightType, $"--quantization {$"{config.Model.WeightType}".ToLowerInvariant()}");
        Add(config.Model.KvType == DataType.Fp8, "--kv-cache-dtype fp8");
        flags.Add($"--max-model-len {engine.MaxModelLen}");
        flags.Add($"--max-num-seqs {engine.MaxNumSeqs}");
        flags.Add($"--max-num-batched-tokens {engine.MaxNumBatchedTokens}");
        Add(given.GpuMemoryUtilization is not null, string.Create(CultureInfo.InvariantCulture, $"--gpu-memory-utilization {given.GpuMemoryUtilization}"));
        Add(given.BlockSize is not null, $"--block-size {given.BlockSize}");
        Add(given.LongPrefillTokenThreshold > 0, $"--long-prefill-token-threshold {given.LongPrefillTokenThreshold}");
        Add(given.EnablePrefixCaching is not null, Switch("enable-prefix-caching", given.EnablePrefixCaching == true));
        Add(given.EnableChunkedPrefill is not null, Switch("enable-chunked-prefill", given.EnableChunkedPrefill == true));
        Add(given.AsyncScheduling is not null, Switch("async-scheduling", given.AsyncScheduling == true));
        Add(given.Policy == SchedulingPolicy.Priority, "--scheduling-policy priority");
        return flags;

        void Add(bool isWanted, string flag)
        {
            if (isWanted)
            {
                flags.Add(flag);
            }
        }
    }

    /// <summary>How many servers it takes: replicas share one where they have room in a node, as many in each.</summary>
    public static int Servers(SimulatorConfig config) => config.Parallelism.DataParallel / ReplicasPerNode(config);

    /// <summary>How many nodes one server spans.</summary>
    public static int NodesPerServer(SimulatorConfig config) =>
        (config.Parallelism.TensorParallel * config.Parallelism.PipelineParallel + config.Cluster.GpusPerNode - 1) / config.Cluster.GpusPerNode;

    /// <summary>The benchmark's flags, each as it would be typed, behind <c>vllm bench serve</c>.</summary>
    /// <param name="outcome">The deployment.</param>
    /// <param name="goal">What it is to keep.</param>
    /// <param name="file">A file with the very requests, as <see cref="BenchTrace"/> writes it.</param>
    public static IReadOnlyList<string> Bench(PlanOutcome outcome, ServiceGoal goal, string file)
    {
        WorkloadSpec workload = outcome.Config.Workload;
        var flags = new List<string> { $"vllm bench serve --model {ModelId(outcome.Config.Model)}" };
        if (IsPlain(workload))
        {
            string rate = double.IsInfinity(workload.RequestRatePerSecond) ? "inf" : workload.RequestRatePerSecond.ToString(CultureInfo.InvariantCulture);
            flags.AddRange(["--dataset-name random", $"--random-input-len {workload.InputLength.Mean:0}", $"--random-output-len {workload.OutputLength.Mean:0}"]);
            flags.AddRange(workload.RangeRatio > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--random-range-ratio {workload.RangeRatio}")] : Array.Empty<string>());
            flags.Add($"--request-rate {rate}");
            flags.AddRange(workload.Burstiness != 1 && double.IsFinite(workload.Burstiness)
                ? [string.Create(CultureInfo.InvariantCulture, $"--burstiness {workload.Burstiness}")] : Array.Empty<string>());
            flags.AddRange(workload.MaxConcurrency is { } clients ? [$"--max-concurrency {clients}"] : Array.Empty<string>());
        }
        else
        {
            flags.AddRange(["--dataset-name timed_trace", $"--dataset-path {file}", "--self-timed", "--timed-trace-sec-multiplier 0.001",
                $"--timed-trace-chunk-hash-size {ChunkTokens}", "--disable-shuffle"]);
        }

        flags.Add($"--num-prompts {outcome.Statistics.TotalRequests}");
        flags.Add("--ignore-eos");
        flags.Add("--percentile-metrics ttft,tpot,itl,e2el");
        string[] percentiles = [.. goal.Objectives.Select(objective => objective.Percent).OfType<double>().Concat([50, 99]).Distinct().Order()
            .Select(percent => percent.ToString(CultureInfo.InvariantCulture))];
        flags.Add($"--metric-percentiles {string.Join(',', percentiles)}");
        flags.AddRange(outcome.Config.Objectives.IsSet ? [$"--goodput {string.Join(' ', Goodput(outcome.Config.Objectives))}"] : Array.Empty<string>());
        return flags;
    }

    /// <summary>Whether the benchmark can draw a workload itself, from its random data set.</summary>
    public static bool IsPlain(WorkloadSpec workload) =>
        workload is { Trace: null, RateCurve: null, Sessions: null, Prefix: null, DistinctPrompts: null, Arrival: ArrivalProcess.Poisson, Classes.Count: 0 }
        && workload.InputLength.Distribution == LengthDistribution.Fixed && workload.OutputLength.Distribution == LengthDistribution.Fixed;

    private static IEnumerable<string> Goodput(SloSpec objectives) =>
        new (string Name, double? Limit)[] { ("ttft", objectives.TtftMilliseconds), ("tpot", objectives.TpotMilliseconds), ("e2el", objectives.E2elMilliseconds) }
            .Where(one => one.Limit is not null).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name}:{one.Limit}"));

    private static int ReplicasPerNode(SimulatorConfig config)
    {
        ParallelismSpec layout = config.Parallelism;
        int room = Math.Max(1, config.Cluster.GpusPerNode / (layout.TensorParallel * layout.PipelineParallel));
        return Enumerable.Range(1, layout.DataParallel).Last(replicas => replicas <= room && layout.DataParallel % replicas == 0);
    }

    private static string Switch(string name, bool isOn) => isOn ? $"--{name}" : $"--no-{name}";
}
