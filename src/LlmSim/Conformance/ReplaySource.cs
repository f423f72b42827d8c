using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Conformance;

/// <summary>The requests of a recorded schedule.</summary>
internal sealed class ReplaySource(IReadOnlyList<RecordedRequest> requests) : RequestSource
{
    private int _next;

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        if (_next == requests.Count)
        {
            request = default;
            return false;
        }

        RecordedRequest recorded = requests[_next++];
        request = new ArrivingRequest(
            new SimTime(recorded.ArrivalUs * 1000), recorded.PromptTokens, recorded.OutputTokens, recorded.Class)
        {
            Content = recorded.Content,
            OutputLimit = recorded.OutputLimit,
        };
        return true;
    }
}
