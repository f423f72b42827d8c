namespace LlmSim.Metrics;

/// <summary>Keeps the most tokens emitted in an interval.</summary>
internal sealed class PeakSink : SeriesSink
{
    /// <summary>Most tokens in an interval so far.</summary>
    public long MostTokens { get; private set; }

    /// <inheritdoc />
    public override void Write(in SeriesRow row) => MostTokens = Math.Max(MostTokens, row.OutputTokens);
}
