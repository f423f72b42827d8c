using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>
/// The same requests again and again, as load generators send that cycle through a file: request i is request i − n in everything
/// but its time.
/// </summary>
/// <param name="inner">Where the first n come from.</param>
/// <param name="count">How many different ones. At least 1.</param>
/// <param name="segments">Numbers what they say.</param>
internal sealed class RepeatedPrompts(RequestShaper inner, int count, SegmentCounter segments) : RequestShaper
{
    /// <summary>Most different requests, which are all kept.</summary>
    public const int Most = 1 << 20;

    private readonly List<ArrivingRequest> _requests = [];
    private int _next;

    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        if (_next == _requests.Count)
        {
            _requests.Add(Describe(inner.Next(arrival)));
        }

        ArrivingRequest request = _requests[_next];
        _next = _next + 1 == count ? 0 : _next + 1;
        return request with { Arrival = arrival };
    }

    private ArrivingRequest Describe(in ArrivingRequest request)
    {
        int shared = request.Content?.Tokens ?? 0;
        int own = request.InputTokens - shared;
        return own == 0 ? request : request with
        {
            Content = new PromptContent([.. request.Content is { } content ? content.Runs : [], new ContentRun(segments.Take(), own)]),
        };
    }
}
