namespace LlmSim.Reporting.Html;

/// <summary>How a series is drawn.</summary>
internal enum ChartKind
{
    /// <summary>A line through the points.</summary>
    Line,

    /// <summary>A dot for each.</summary>
    Dots,

    /// <summary>A bar for each.</summary>
    Bars,
}
