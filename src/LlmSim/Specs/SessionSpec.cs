namespace LlmSim.Specs;

/// <summary>
/// Conversations: each turn's prompt is the prefix, all turns before with their answers, and the user's new words; it is sent
/// some time after the answer before.
/// </summary>
public sealed record SessionSpec
{
    /// <summary>Turns of a conversation. Default 1.</summary>
    public LengthSpec Turns { get; init; } = LengthSpec.Fixed(1);

    /// <summary>How many conversations begin. At least 1. Default null: 1000 when no duration is given, else no limit.</summary>
    public long? Count { get; init; }
}
