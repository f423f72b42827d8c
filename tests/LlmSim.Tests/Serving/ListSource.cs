using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>A fixed list of requests, each perhaps the first turn of a conversation.</summary>
internal sealed class ListSource(
    IReadOnlyList<ArrivingRequest> requests, IReadOnlyList<(int Input, int Output)[]>? furtherTurns = null, long thinkNs = 0) : RequestSource
{
    private const long FirstSegment = 1 << 20; // beyond what prefixes are made of

    private readonly SessionRules _rules = new(thinkNs, SimTime.Never);
    private readonly SegmentCounter _segments = new();
    private int _next;

    internal override bool HasSessions => furtherTurns is not null;

    public override bool TryNext(out ArrivingRequest request)
    {
        bool has = _next < requests.Count;
        request = has ? requests[_next] : default;
        if (has && furtherTurns is not null)
        {
            request = Converse(request, furtherTurns[_next]);
        }

        _next++;
        return has;
    }

    private ArrivingRequest Converse(ArrivingRequest first, (int Input, int Output)[] further)
    {
        ContentRun[] prefix = first.Content is { } content && content.Tokens < first.InputTokens ? content.Runs.ToArray() : [];
        List<ContentRun> runs = [.. prefix, Run(first.InputTokens - prefix.Sum(run => run.Tokens))];
        int answer = first.OutputTokens;
        foreach ((int input, int output) in further)
        {
            runs.AddRange([Run(answer), Run(input)]);
            answer = output;
        }

        return new Session(_rules, [.. runs], prefix.Length, answer, first.Class).Turn(first.Arrival);

        ContentRun Run(int tokens) => new(FirstSegment + _segments.Take(), tokens);
    }
}
