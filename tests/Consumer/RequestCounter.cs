using LlmSim.Metrics;
using LlmSim.Serving;

/// <summary>Counts the requests that finished.</summary>
internal sealed class RequestCounter : RequestSink
{
    public int Count { get; private set; }

    public override void Write(in RequestRecord record) => Count++;
}
