namespace LlmSim.Validation.Fitting;

/// <summary>What a fit says of a constant.</summary>
/// <param name="Constant">The constant.</param>
/// <param name="Value">Its value in seconds: found, or where it could not be found as it was.</param>
/// <param name="HalfWidth">Half the width of its 95% interval, in seconds; null when it could not be found.</param>
internal sealed record ConstantEstimate(FittedConstant Constant, double Value, double? HalfWidth)
{
    /// <summary>Whether it was looked for, and found.</summary>
    public bool IsFound => HalfWidth is not null && Constant.Prior is null;

    /// <summary>Why it could not be found; null when it was.</summary>
    public string? Why { get; init; }
}
