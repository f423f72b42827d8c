using System.Globalization;

namespace LlmSim.Conformance;

/// <summary>One call of schedule() that scheduled or preempted something; times in microseconds.</summary>
internal sealed record RecordedStep(
    long DecidedUs,
    long StartUs,
    long EndUs,
    IReadOnlyList<(long Id, int Tokens)> Scheduled,
    IReadOnlyList<long> New,
    IReadOnlyList<long> Resumed,
    IReadOnlyList<long> Preempted,
    IReadOnlyList<(long Id, int Tokens)> Cached,
    IReadOnlyList<long> Finished,
    int Running,
    int Waiting,
    int FreeBlocks)
{
    /// <summary>The fields by the names they have in the file, as text, in the file's order.</summary>
    public IEnumerable<(string Field, string Value)> Fields()
    {
        yield return ("decided_us", Text(DecidedUs));
        yield return ("t_us", Text(StartUs));
        yield return ("end_us", Text(EndUs));
        yield return ("scheduled", Text(Scheduled));
        yield return ("new", Text(New));
        yield return ("resumed", Text(Resumed));
        yield return ("preempted", Text(Preempted));
        yield return ("cached", Text(Cached));
        yield return ("finished", Text(Finished));
        yield return ("running", Text(Running));
        yield return ("waiting", Text(Waiting));
        yield return ("free_blocks", Text(FreeBlocks));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(IEnumerable<long> ids) => $"[{string.Join(", ", ids)}]";

    private static string Text(IEnumerable<(long Id, int Tokens)> pairs) =>
        $"[{string.Join(", ", pairs.Select(p => $"[{p.Id}, {p.Tokens}]"))}]";
}
