namespace LlmSim.Specs;

/// <summary>What prompts begin with in common, such as system prompts: some prefixes, of which each request has one.</summary>
public sealed record PrefixSpec
{
    /// <summary>Tokens of each prefix, in front of the prompt's own and on top of their number. From 0, for none, to 10⁹.</summary>
    public int Tokens { get; init; }

    /// <summary>How many different prefixes. From 1, the default, to 1,048,576.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// Zipf's power: the k-th prefix is chosen with a probability that falls as k to this power. From 0, the default, where all are
    /// equally likely, to 100.
    /// </summary>
    public double Skew { get; init; }

    /// <summary>The same prefix for every request.</summary>
    public static PrefixSpec Fixed(int tokens) => new() { Tokens = tokens };
}
