using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>A fixed list of requests.</summary>
internal sealed class ListSource(IReadOnlyList<ArrivingRequest> requests) : RequestSource
{
    private int _next;

    public override bool TryNext(out ArrivingRequest request)
    {
        bool has = _next < requests.Count;
        request = has ? requests[_next++] : default;
        return has;
    }
}
