using LlmSim.Workloads;

namespace LlmSim.Validation;

/// <summary>The requests of a measured run, sent as they were then.</summary>
/// <param name="requests">In order of arrival.</param>
internal sealed class MeasuredSource(IReadOnlyList<MeasuredRequest> requests) : RequestSource
{
    private int _next;

    /// <inheritdoc />
    public override long? ExpectedCount => requests.Count;

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        if (_next == requests.Count)
        {
            request = default;
            return false;
        }

        MeasuredRequest measured = requests[_next++];
        request = new ArrivingRequest(measured.Arrival, measured.InputTokens, measured.OutputTokens)
        {
            // Prompts are segments from 1; one that is sent at two lengths is the same as far as both go.
            Content = measured.Prompt < 0 ? null : new PromptContent([new ContentRun(measured.Prompt + 1, measured.InputTokens)]),
        };
        return true;
    }
}
