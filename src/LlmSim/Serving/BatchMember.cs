namespace LlmSim.Serving;

/// <summary>A request in a static batch.</summary>
internal struct BatchMember
{
    public InboundRequest Request;

    /// <summary>When its batch was put together.</summary>
    public long ScheduledNs;

    public long FirstTokenNs;
}
