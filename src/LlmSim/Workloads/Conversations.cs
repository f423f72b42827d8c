using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>First turns of conversations; the turns after them come with <see cref="ArrivingRequest.Session"/>.</summary>
/// <param name="rules">What holds for all of them.</param>
/// <param name="opening">Draws the first turns, with the prefix.</param>
/// <param name="further">Draws the user's words and the answers of the other turns.</param>
/// <param name="turns">Draws how many turns there are.</param>
/// <param name="segments">Numbers what they say.</param>
/// <param name="kind">Index of their class.</param>
internal sealed class Conversations(
    SessionRules rules, RequestShaper opening, RequestShaper further, LengthSampler turns, SegmentCounter segments, byte kind)
    : RequestShaper
{
    /// <summary>Name of the random stream that numbers of turns are drawn from.</summary>
    public const string StreamName = "turns";

    /// <summary>Most turns, all of which are drawn at the start. More are cut.</summary>
    public const int MostTurns = 10_000;

    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        ArrivingRequest first = opening.Next(arrival);
        int count = Math.Min(turns.Next(), MostTurns);
        ReadOnlySpan<ContentRun> prefix = first.Content is { } content ? content.Runs : [];
        var runs = new ContentRun[prefix.Length + (2 * count) - 1];
        prefix.CopyTo(runs);
        long segment = segments.Take((2 * count) - 1);
        ArrivingRequest turn = first with { InputTokens = first.InputTokens - (first.Content?.Tokens ?? 0) };
        for (int i = prefix.Length; ; i += 2)
        {
            runs[i] = new ContentRun(segment++, turn.InputTokens);
            if (i + 1 == runs.Length)
            {
                return new Session(rules, runs, prefix.Length, turn.OutputTokens, kind).Turn(arrival);
            }

            runs[i + 1] = new ContentRun(segment++, turn.OutputTokens);
            turn = further.Next(arrival);
        }
    }
}
