using LlmSim.Specs;

namespace LlmSim.Planning.Plans;

/// <summary>The deployments among which a plan chooses.</summary>
public sealed record PlanSpace
{
    /// <summary>Kinds of GPU. At least one.</summary>
    public required IReadOnlyList<GpuSpec> Gpus { get; init; }

    /// <summary>Most GPUs of a deployment. At least 1.</summary>
    public required int MostGpus { get; init; }

    /// <summary>Tensor-parallel degrees; those that do not divide the model, or are more than a node, are left out. Default 1, 2, 4, 8.</summary>
    public IReadOnlyList<int> TensorParallel { get; init; } = [1, 2, 4, 8];

    /// <summary>Pipeline stages. Default 1, 2, 4.</summary>
    public IReadOnlyList<int> PipelineParallel { get; init; } = [1, 2, 4];

    /// <summary>Most sequences at once; null for the scenario's, or the engine's default. Default: that, and 64.</summary>
    public IReadOnlyList<int?> MaxNumSeqs { get; init; } = [null, 64];

    /// <summary>Most tokens of a step; null for the scenario's, or the engine's default. Default: that, and 2048.</summary>
    public IReadOnlyList<int?> MaxNumBatchedTokens { get; init; } = [null, 2048];

    /// <summary>Number formats of the weights; null for those that the model is published in. Default: that, and FP8 where a GPU computes in it.</summary>
    public IReadOnlyList<DataType?> WeightTypes { get; init; } = [null, DataType.Fp8];

    /// <summary>Every deployment that can be written down, whether it fits or not, in a fixed order; each once.</summary>
    /// <param name="config">The scenario that they are variants of.</param>
    internal IEnumerable<PlanCandidate> Candidates(SimulatorConfig config) => (
        from gpu in Gpus
        from type in WeightTypes.Where(type => Computes(gpu, type, config.Model)).Distinct()
        from ranks in TensorParallel.Where(ranks => ranks <= config.Cluster.GpusPerNode && config.Model.Divides(ranks)).Distinct()
        from stages in PipelineParallel.Where(stages => stages <= config.Model.Layers && ranks * stages <= MostGpus).Distinct()
        from seats in Different(MaxNumSeqs, gpu, config, set => set.MaxNumSeqs)
        from tokens in Different(MaxNumBatchedTokens, gpu, config, set => set.MaxNumBatchedTokens)
        from replicas in Replicas(MostGpus / (ranks * stages))
        select new PlanCandidate(gpu, ranks, stages, replicas, type, seats, tokens)).Select((candidate, i) => candidate with { Order = i });

    // Each number up to 16, and above in steps of a sixteenth: what lies between differs by less than a load does from day to day.
    private static IEnumerable<int> Replicas(int most)
    {
        for (int replicas = 1; replicas <= most; replicas += Math.Max(1, replicas / 16))
        {
            yield return replicas;
        }
    }

    // Weights that are narrow already stay as they are.
    private static bool Computes(GpuSpec gpu, DataType? type, ModelSpec model) =>
        type is not { } wanted || (wanted != model.WeightType && model.WeightType.BytesPerElement() > wanted.BytesPerElement()
            && (wanted != DataType.Fp8 || gpu.Fp8FlopsPerSecond is not null) && (wanted != DataType.Int8 || gpu.Int8OpsPerSecond is not null));

    // What the engine does anyway is not a variant.
    private static IEnumerable<int?> Different(IReadOnlyList<int?> given, GpuSpec gpu, SimulatorConfig config, Func<SchedulerDefaults, int> read)
    {
        int byDefault = read(SchedulerDefaults.Resolve(config with { Cluster = config.Cluster with { Gpu = gpu } }));
        return given.Select(value => value == byDefault ? null : value).Distinct();
    }
}
