namespace LlmSim.Metrics;

/// <summary>Takes the intervals of a run, in order and without a gap.</summary>
internal abstract class SeriesSink
{
    /// <summary>An interval is over.</summary>
    public abstract void Write(in SeriesRow row);

    /// <summary>No interval will follow.</summary>
    public virtual void Finish()
    {
    }
}
