namespace LlmSim.Planning.Comparing;

/// <summary>What a difference of a figure comes to.</summary>
internal enum Verdict
{
    /// <summary>No real difference: the interval holds 0, or nothing worth showing differs.</summary>
    None,

    /// <summary>A real one for the better.</summary>
    Better,

    /// <summary>A real one for the worse.</summary>
    Worse,

    /// <summary>A real one upwards, neither good nor bad.</summary>
    More,

    /// <summary>A real one downwards, neither good nor bad.</summary>
    Less,

    /// <summary>Not to be told: beyond capacity the figure grows with the length of the run.</summary>
    NotSteady,
}
