namespace LlmSim.Uncertainty;

/// <summary>Figures whose unexplained error is of one size.</summary>
internal enum FigureKind
{
    /// <summary>Time to first token, and what it is made of: mean and lower percentiles.</summary>
    MeanTtft,

    /// <summary>The same, from the 95th percentile on.</summary>
    TailTtft,

    /// <summary>Times per token and to the last token: mean and lower percentiles.</summary>
    Mean,

    /// <summary>The same, from the 95th percentile on.</summary>
    Tail,

    /// <summary>Rates, shares and levels.</summary>
    Rate,
}
