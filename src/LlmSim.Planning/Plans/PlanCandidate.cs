using LlmSim.Specs;

namespace LlmSim.Planning.Plans;

/// <summary>A deployment that a plan may choose.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="TensorParallel">GPUs that share each layer.</param>
/// <param name="PipelineParallel">Pipeline stages.</param>
/// <param name="Replicas">Replicas of the whole.</param>
/// <param name="WeightType">Number format of the weights; null for that which the model is published in.</param>
/// <param name="MaxNumSeqs">Most sequences at once; null for the scenario's, or the engine's default.</param>
/// <param name="MaxNumBatchedTokens">Most tokens of a step; null for the scenario's, or the engine's default.</param>
public sealed record PlanCandidate(
    GpuSpec Gpu, int TensorParallel, int PipelineParallel, int Replicas, DataType? WeightType, int? MaxNumSeqs, int? MaxNumBatchedTokens)
{
    /// <summary>Its place in the space: of equals the first counts.</summary>
    internal int Order { get; init; }

    /// <summary>GPUs that it takes.</summary>
    public int Gpus => TensorParallel * PipelineParallel * Replicas;

    /// <summary>The scenario with this deployment.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="pricePerGpuHour">Price of the GPU; null for unknown.</param>
    public SimulatorConfig Apply(SimulatorConfig config, double? pricePerGpuHour) => config with
    {
        Model = WeightType is { } type ? config.Model with { WeightType = type } : config.Model,
        Cluster = config.Cluster with { Gpu = Gpu, GpuCount = null },
        Parallelism = config.Parallelism with { TensorParallel = TensorParallel, PipelineParallel = PipelineParallel, DataParallel = Replicas },
        Scheduler = config.Scheduler with
        {
            MaxNumSeqs = MaxNumSeqs ?? config.Scheduler.MaxNumSeqs,
            MaxNumBatchedTokens = MaxNumBatchedTokens ?? config.Scheduler.MaxNumBatchedTokens,
        },
        PricePerGpuHour = pricePerGpuHour,
    };
}
