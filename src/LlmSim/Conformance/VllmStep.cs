namespace LlmSim.Conformance;

/// <summary>One call of vLLM's <c>schedule()</c> that scheduled or preempted something.</summary>
internal sealed record VllmStep(
    long DecidedUs,
    long StartUs,
    long EndUs,
    IReadOnlyList<(long Id, int Tokens)> Scheduled,
    IReadOnlyList<long> New,
    IReadOnlyList<long> Resumed,
    IReadOnlyList<long> Preempted,
    IReadOnlyList<(long Id, int Tokens)> Cached,
    List<long> Finished,
    int Running,
    int Waiting,
    int FreeBlocks) : RecordedStep(DecidedUs, StartUs, EndUs, Scheduled, Cached, Finished)
{
    /// <inheritdoc />
    public override IEnumerable<(string Field, string Value)> Fields() =>
    [
        .. CommonFields(),
        ("new", Text(New)),
        ("resumed", Text(Resumed)),
        ("preempted", Text(Preempted)),
        ("cached", Text(Cached)),
        ("finished", Text(Finished)),
        ("running", Text(Running)),
        ("waiting", Text(Waiting)),
        ("free_blocks", Text(FreeBlocks)),
    ];
}
