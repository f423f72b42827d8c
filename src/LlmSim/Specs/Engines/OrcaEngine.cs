namespace LlmSim.Specs.Engines;

/// <summary>
/// Orca (OSDI '22): requests join and leave at every iteration; whole prompts; memory for prompt and longest answer is reserved when a
/// request is admitted, so nobody is ever thrown out. One behaviour.
/// </summary>
/// <remarks>Defaults as in the Sarathi-Serve authors' implementation of it, <c>sarathi/config/config.py</c>.</remarks>
public sealed record OrcaEngine : EngineSpec
{
    internal static EngineFamily Engines { get; } = new("orca")
    {
        Written = "no releases",
        Reproduces = "iteration-level scheduling, whole answers reserved",
        Checked = "paper; timelines by hand",
        Read = release => release is null ? new OrcaEngine() : null,
        Lacks = ["max_num_batched_tokens"],
        Instead = new Dictionary<string, string>
        {
            ["max_num_batched_tokens"] = "max_num_seqs",
            ["enable_chunked_prefill"] = "it never splits prompts",
            ["preemption"] = "it reserves memory for whole answers and throws nobody out",
        },
    };

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override double GpuMemoryUtilization => 0.8;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => 128;

    /// <inheritdoc />
    internal override bool HasBudget => false;

    /// <inheritdoc />
    internal override KvReservation ReservationOf(SchedulerSpec given) => KvReservation.Completion;

    /// <summary>There is no budget: as much as all sequences at full length.</summary>
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) =>
        (int)Math.Min(int.MaxValue, (long)seats * maxModelLen);

    /// <inheritdoc />
    internal override bool SplitsPrompts(bool? asked) => false;
}
