using LlmSim.Serving;

namespace LlmSim.Metrics;

/// <summary>Takes one record per finished request, in order of finishing.</summary>
public abstract class RequestSink
{
    /// <summary>A request emitted its last token.</summary>
    public abstract void Write(in RequestRecord record);

    /// <summary>No record will follow.</summary>
    public virtual void Finish()
    {
    }
}
