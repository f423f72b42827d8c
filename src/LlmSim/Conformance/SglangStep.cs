using System.Globalization;

namespace LlmSim.Conformance;

/// <summary>One forward pass of SGLang.</summary>
internal sealed record SglangStep(
    long DecidedUs,
    long StartUs,
    long EndUs,
    string Mode,
    int IdleBefore,
    IReadOnlyList<(long Id, int Tokens)> Scheduled,
    IReadOnlyList<(long Id, int Tokens)> Cached,
    long? Chunked,
    IReadOnlyList<long> Retracted,
    IReadOnlyList<long> Preempted,
    List<long> Finished,
    int Waiting,
    int FreeTokens,
    int EvictableTokens,
    double NewTokenRatio) : RecordedStep(DecidedUs, StartUs, EndUs, Scheduled, Cached, Finished)
{
    /// <inheritdoc />
    public override IEnumerable<(string Field, string Value)> Fields() =>
    [
        .. CommonFields(),
        ("mode", Mode),
        ("idle_before", Text(IdleBefore)),
        ("cached", Text(Cached)),
        ("chunked", Chunked is { } id ? Text(id) : "none"),
        ("retracted", Text(Retracted)),
        ("preempted", Text(Preempted)),
        ("finished", Text(Finished)),
        ("waiting", Text(Waiting)),
        ("free_tokens", Text(FreeTokens)),
        ("evictable_tokens", Text(EvictableTokens)),
        ("new_token_ratio", NewTokenRatio.ToString("R", CultureInfo.InvariantCulture)),
    ];
}
