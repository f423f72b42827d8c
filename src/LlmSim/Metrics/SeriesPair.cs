namespace LlmSim.Metrics;

/// <summary>Hands the intervals of a run to two takers.</summary>
/// <param name="first">The one.</param>
/// <param name="second">The other.</param>
internal sealed class SeriesPair(SeriesSink first, SeriesSink second) : SeriesSink
{
    /// <inheritdoc />
    public override void Write(in SeriesRow row)
    {
        first.Write(in row);
        second.Write(in row);
    }

    /// <inheritdoc />
    public override void Finish()
    {
        first.Finish();
        second.Finish();
    }
}
