namespace LlmSim.Specs;

/// <summary>The GPUs at hand: one kind, in nodes of equal size.</summary>
public sealed record ClusterSpec
{
    /// <summary>The GPU.</summary>
    public required GpuSpec Gpu { get; init; }

    /// <summary>How many there are; null means as many as the parallel layout needs. At least 1.</summary>
    public int? GpuCount { get; init; }

    /// <summary>Link between the GPUs of a node; null means the GPU's own.</summary>
    public InterconnectSpec? Interconnect { get; init; }

    /// <summary>GPUs in a node. At least 1. Default 8.</summary>
    public int GpusPerNode { get; init; } = 8;

    /// <summary>Link between nodes, as one GPU sees it; null means InfiniBand NDR, a 400 Gb/s adapter for each GPU.</summary>
    public InterconnectSpec? NodeInterconnect { get; init; }
}
