namespace LlmSim.Reporting.Html;

/// <summary>A figure in large type.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its value, as it is to be read.</param>
/// <param name="Unit">Its unit; empty where the value says it.</param>
internal sealed record FigureTile(string Label, string Value, string Unit = "")
{
    /// <summary>How sure it is: the ends of its interval, in the same unit; null where that is not known.</summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>What else is to be said of it, in a few words.</summary>
    public string? Note { get; init; }
}
