namespace LlmSim.Planning.Comparing;

/// <summary>Which way a figure is to go.</summary>
internal enum Better
{
    /// <summary>More is better.</summary>
    More,

    /// <summary>Less is better.</summary>
    Less,

    /// <summary>Neither is: use of what is there.</summary>
    Neither,
}
