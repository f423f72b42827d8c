using System.Globalization;

namespace LlmSim.Conformance;

/// <summary>A decision of the scheduler that scheduled something, or threw somebody out; times in microseconds.</summary>
internal abstract record RecordedStep(
    long DecidedUs, long StartUs, long EndUs, IReadOnlyList<(long Id, int Tokens)> Scheduled,
    IReadOnlyList<(long Id, int Tokens)> Cached, List<long> Finished)
{
    /// <summary>The fields by the names they have in the file, as text, in the file's order.</summary>
    public abstract IEnumerable<(string Field, string Value)> Fields();

    /// <summary>The times, and who got how many tokens.</summary>
    protected IEnumerable<(string Field, string Value)> CommonFields()
    {
        yield return ("decided_us", Text(DecidedUs));
        yield return ("t_us", Text(StartUs));
        yield return ("end_us", Text(EndUs));
        yield return ("scheduled", Text(Scheduled));
    }

    /// <summary>A number as text.</summary>
    protected static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Ids as text.</summary>
    protected static string Text(IEnumerable<long> ids) => $"[{string.Join(", ", ids)}]";

    /// <summary>Pairs as text.</summary>
    protected static string Text(IEnumerable<(long Id, int Tokens)> pairs) =>
        $"[{string.Join(", ", pairs.Select(p => $"[{p.Id}, {p.Tokens}]"))}]";
}
