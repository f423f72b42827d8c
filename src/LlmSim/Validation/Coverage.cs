namespace LlmSim.Validation;

/// <summary>How many measured figures lie inside their intervals.</summary>
/// <param name="Inside">Those.</param>
/// <param name="Figures">All that have an interval.</param>
internal readonly record struct Coverage(int Inside, int Figures)
{
    /// <summary>Inside / all; 0 of none.</summary>
    public double Share => Figures > 0 ? (double)Inside / Figures : 0;

    /// <summary>Counts some figures of some comparisons.</summary>
    public static Coverage Of(IEnumerable<Comparison> comparisons, params IReadOnlyList<Figure> figures)
    {
        bool[] inside = [.. comparisons.SelectMany(comparison => figures.Select(comparison.IsInside)).OfType<bool>()];
        return new Coverage(inside.Count(one => one), inside.Length);
    }
}
