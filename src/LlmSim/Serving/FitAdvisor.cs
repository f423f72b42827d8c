using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>Looks for changes that make a scenario fit in memory.</summary>
internal static class FitAdvisor
{
    // GPUs of one node.
    private const int MostRanks = 8;
    private const double HighestUtilization = 0.98;

    /// <summary>One sentence with every single change that helps, each at its smallest.</summary>
    public static string Advise(SimulatorConfig config)
    {
        string?[] changes =
        [
            Ranks(config), LargerGpu(config), ByteWeights(config), Fp8KvCache(config), HigherUtilization(config),
            ShorterSteps(config),
        ];
        var helpful = changes.OfType<string>().ToList();
        if (helpful.Count == 0)
        {
            helpful.AddRange(LargerGpuAndMore(config) is { } both ? [both] : []);
        }

        return helpful.Count == 0
            ? "No change of tensor parallelism, GPU, number format or utilisation makes it fit: use a smaller model."
            : $"It fits with {string.Join(", or with ", helpful)}.";
    }

    private static string? LargerGpu(SimulatorConfig config) =>
        LargerGpus(config).FirstOrDefault(gpu => MemoryProblems.Fits(On(config, gpu))) is { } fitting
            ? $"--gpu {fitting.Name}"
            : null;

    private static string? LargerGpuAndMore(SimulatorConfig config)
    {
        foreach (var gpu in LargerGpus(config))
        {
            if (Ranks(On(config, gpu)) is { } ranks)
            {
                return $"--gpu {gpu.Name} {ranks}";
            }
        }

        return null;
    }

    /// <summary>8-bit weights, if the GPU computes with such.</summary>
    private static string? ByteWeights(SimulatorConfig config)
    {
        GpuSpec gpu = config.Cluster.Gpu;
        DataType? type = gpu.Fp8FlopsPerSecond is not null ? DataType.Fp8 : gpu.Int8OpsPerSecond is not null ? DataType.Int8 : null;
        return type is { } narrow && config.Model.WeightType.BytesPerElement() > 1
            && MemoryProblems.Fits(config with { Model = config.Model with { WeightType = narrow } })
                ? $"--dtype {(narrow == DataType.Fp8 ? "fp8" : "int8")}"
                : null;
    }

    private static string? Fp8KvCache(SimulatorConfig config) =>
        MemoryProblems.Fits(config with { Model = config.Model with { KvType = DataType.Fp8 } })
            ? "--kv-cache-dtype fp8"
            : null;

    private static string? HigherUtilization(SimulatorConfig config)
    {
        int percent = (int)Math.Floor(SchedulerDefaults.Resolve(config).GpuMemoryUtilization * 100) + 1;
        for (; percent <= HighestUtilization * 100; percent++)
        {
            var scheduler = config.Scheduler with { GpuMemoryUtilization = percent / 100.0 };
            if (MemoryProblems.Fits(config with { Scheduler = scheduler }))
            {
                return $"--gpu-memory-utilization {scheduler.GpuMemoryUtilization:0.00}";
            }
        }

        return null;
    }

    private static string? ShorterSteps(SimulatorConfig config)
    {
        var limits = EngineDefaults.Resolve(config);
        int tokens = Math.Max(2048, limits.MaxNumSeqs);
        var scheduler = config.Scheduler with { MaxNumBatchedTokens = tokens };
        return limits.EnableChunkedPrefill && tokens < limits.MaxNumBatchedTokens
            && MemoryProblems.Fits(config with { Scheduler = scheduler })
                ? $"--max-num-batched-tokens {tokens}"
                : null;
    }

    /// <summary>The layout over the fewest GPUs that fits, trying tensor parallelism from a degree on in doubles; null for none.</summary>
    public static SimulatorConfig? FewestRanks(SimulatorConfig config, int first, int most)
    {
        for (int ranks = first; ranks <= most; ranks *= 2)
        {
            var layout = config with { Parallelism = config.Parallelism with { TensorParallel = ranks } };
            if (config.Model.Divides(ranks) && MemoryProblems.Fits(layout))
            {
                return layout;
            }
        }

        return null;
    }

    private static string? Ranks(SimulatorConfig config) =>
        FewestRanks(config, config.Parallelism.TensorParallel * 2, MostRanks)?.Parallelism is not { } layout ? null
        : config.Cluster.GpuCount < layout.Gpus ? $"--tp {layout.TensorParallel} --num-gpus {layout.Gpus}"
        : $"--tp {layout.TensorParallel}";

    private static IEnumerable<GpuSpec> LargerGpus(SimulatorConfig config) => GpuCatalog.All
        .Where(gpu => gpu.MemoryBytes > config.Cluster.Gpu.MemoryBytes)
        .OrderBy(gpu => gpu.MemoryBytes);

    private static SimulatorConfig On(SimulatorConfig config, GpuSpec gpu) =>
        config with { Cluster = config.Cluster with { Gpu = gpu } };
}
