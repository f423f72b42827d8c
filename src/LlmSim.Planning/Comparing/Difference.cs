namespace LlmSim.Planning.Comparing;

/// <summary>How a figure of a configuration differs from the same of the first one, as shares of the first.</summary>
/// <param name="Before">The first one's figure.</param>
/// <param name="After">The other one's.</param>
/// <param name="Change">After / before − 1; null where the first is 0 or there is no telling.</param>
/// <param name="Low">Lower end of the change's 95% interval; null where there is none.</param>
/// <param name="High">Upper end of the same.</param>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Noise">Of the interval's half-width, what run-to-run noise makes alone; 0 without an interval.</param>
/// <param name="Model">The same for what the model may be wrong by.</param>
internal sealed record Difference(
    double Before, double After, double? Change, double? Low, double? High, Verdict Verdict, double Noise = 0, double Model = 0)
{
    /// <summary>Level of the intervals.</summary>
    public const double Level = 0.95;

    /// <summary>Whether the difference is real.</summary>
    public bool IsReal => Verdict is not (Verdict.None or Verdict.NotSteady);
}
