namespace LlmSim.Specs.Engines;

/// <summary>A release of vLLM, engine V1: <c>vllm@0.11</c> or <c>vllm@0.8.5</c>. From 0.8.5 to 0.19.</summary>
/// <param name="Minor">Second part of the version; the first is 0.</param>
/// <param name="Patch">Third part.</param>
/// <remarks>Read in <c>vllm/engine/arg_utils.py</c>, <c>vllm/config/scheduler.py</c> and <c>vllm/v1/core/sched/scheduler.py</c> of the releases.</remarks>
public sealed record VllmEngine(int Minor, int Patch) : EngineSpec
{
    private const long LargeMemoryBytes = 70L << 30;

    /// <summary>The first release known, the first that ran V1 by default.</summary>
    public static VllmEngine Oldest { get; } = new(8, 5);

    /// <summary>The last release known.</summary>
    public static VllmEngine Newest { get; } = new(19, 0);

    internal static EngineFamily Engines { get; } = new("vllm")
    {
        Written = $"{Oldest.Release} to 0.{Newest.Minor}",
        Reproduces = "V1 scheduler, both loops, memory, defaults",
        Checked = "252 of 252 recordings identical",
        Read = release => release is null ? Newest
            : Version.TryParse(release.TrimStart('v'), out Version? given) && given is { Major: 0, Revision: -1 }
                ? new VllmEngine(given.Minor, Math.Max(0, given.Build))
                : null,
        Keys =
        [
            "batch_size", "batch_window", "policy", "prediction_error", "preemption", "swap_space_gib", "enable_prefix_caching",
            "enable_chunked_prefill",
            "long_prefill_token_threshold", "async_scheduling", "reserve_full_isl", "unchunked_admission",
        ],
    };

    /// <inheritdoc />
    public override string Release => $"0.{Minor}.{Patch}";

    /// <inheritdoc />
    public override bool IsKnown => (Minor, Patch).CompareTo((Oldest.Minor, Oldest.Patch)) >= 0 && Minor <= Newest.Minor;

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override bool HasNullBlock => true;

    /// <summary>Whether an A100 of 80 GB starts with the larger token budget of other large GPUs, as until 0.8.</summary>
    internal bool HasLargeBudgetOnA100 => Minor < 9;

    /// <summary>Whether <c>enable_chunked_prefill</c> is looked at; 0.8 has the flag and splits prompts regardless.</summary>
    internal bool HeedsChunkedPrefill => Minor >= 9;

    /// <summary>Whether the asynchronous loop exists.</summary>
    internal bool HasAsyncScheduling => Minor >= 10;

    /// <inheritdoc />
    internal override bool IsAsyncByDefault => Minor >= 14;

    /// <summary>Whether the priority policy is reproduced: from the oldest release on that was checked. Those of mid-2025 crash in it.</summary>
    internal bool HasPriority => Minor >= 11;

    /// <inheritdoc />
    internal override bool HasPrefixCaching => true;

    /// <inheritdoc />
    internal override bool VictimKeepsTokens => (Minor, Patch) == (11, 0);

    /// <inheritdoc />
    internal override bool HasAdmissionGate => Minor >= 19;

    /// <summary>See <see cref="HostSpec"/> for the source.</summary>
    internal override double IngressSeconds => 4e-3;

    /// <summary>As above.</summary>
    internal override double StreamSecondsPerToken => 60e-6;

    /// <summary>What happens to a prompt that does not fit the budget, without chunked prefill: recorded of 0.11, changed in December 2025.</summary>
    internal override UnchunkedAdmission UnchunkedAdmission => Minor < 13 ? UnchunkedAdmission.SkipReversed : UnchunkedAdmission.Stop;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => IsLarge(gpu) ? 1024 : 256;

    /// <summary>Whole prompts must fit when they are not split; more than every sequence at full length is never needed.</summary>
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked)
    {
        int tokens = IsLarge(gpu) ? 8192 : 2048;
        int enough = isChunked ? tokens : Math.Max(tokens, maxModelLen);
        return (int)Math.Min(enough, (long)seats * maxModelLen);
    }

    /// <inheritdoc />
    internal override bool SplitsPrompts(bool? asked) => (asked ?? true) || !HeedsChunkedPrefill;

    /// <inheritdoc />
    internal override void Check(ProblemList list, SchedulerSpec given)
    {
        list.Require(given.AsyncScheduling is not true || HasAsyncScheduling, "scheduler.async_scheduling", "true",
            $"not before vllm@0.10; this is {this}", "Leave it out, or name a later release.");
        list.Require(given.ReserveFullIsl is not true || HasAdmissionGate, "scheduler.reserve_full_isl", "true",
            $"not before vllm@0.19; this is {this}", "Leave it out, or name a later release.");
        list.Require(given.Policy != SchedulingPolicy.Priority || HasPriority, "scheduler.policy", "priority",
            $"from vllm@0.11 on, which was checked; this is {this}", "Name a later release, or use fcfs.");
    }

    private bool IsLarge(GpuSpec gpu)
    {
        bool isA100 = gpu.Name.Contains("a100", StringComparison.OrdinalIgnoreCase);
        return gpu.MemoryBytes >= LargeMemoryBytes && (!isA100 || HasLargeBudgetOnA100);
    }
}
