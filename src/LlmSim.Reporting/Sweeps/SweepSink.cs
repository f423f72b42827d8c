using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Takes the rows of a sweep in the order of their points.</summary>
internal abstract class SweepSink
{
    /// <summary>Takes the next row.</summary>
    public abstract void Write(SweepRow row);

    /// <summary>There are no more rows.</summary>
    public virtual void Finish()
    {
    }
}
