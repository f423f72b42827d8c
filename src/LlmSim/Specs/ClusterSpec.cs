namespace LlmSim.Specs;

/// <summary>The GPUs at hand: one kind, one node.</summary>
public sealed record ClusterSpec
{
    /// <summary>The GPU.</summary>
    public required GpuSpec Gpu { get; init; }

    /// <summary>How many there are; null means as many as the parallel layout needs. At least 1.</summary>
    public int? GpuCount { get; init; }

    /// <summary>Link between the GPUs; null means the GPU's own.</summary>
    public InterconnectSpec? Interconnect { get; init; }
}
