namespace LlmSim.Specs;

/// <summary>A link between GPUs, as one GPU sees it.</summary>
public sealed record InterconnectSpec
{
    /// <summary>Name, for example <c>nvlink4</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Bandwidth of one GPU in one direction, in bytes per second. Above 0.</summary>
    public required double BytesPerSecond { get; init; }

    /// <summary>Time of the smallest message, in seconds: the floor of a collective. At least 0.</summary>
    public required double LatencySeconds { get; init; }

    /// <summary>Where the figures come from.</summary>
    public string Source { get; init; } = "";
}
