using System.Diagnostics.CodeAnalysis;

namespace LlmSim.Specs;

/// <summary>
/// The vLLM release whose scheduler and defaults are reproduced, written <c>vllm@0.11</c> or <c>vllm@0.8.5</c>; <c>vllm</c> alone is the
/// newest known. From 0.8.5 to 0.19.
/// </summary>
/// <param name="Minor">Second part of the version; the first is 0.</param>
/// <param name="Patch">Third part.</param>
/// <remarks>Read in <c>vllm/engine/arg_utils.py</c>, <c>vllm/config/scheduler.py</c> and <c>vllm/v1/core/sched/scheduler.py</c> of the releases.</remarks>
public readonly record struct EngineVersion(int Minor, int Patch)
{
    private const string Name = "vllm";

    /// <summary>The first release known, the first that ran V1 by default.</summary>
    public static EngineVersion Oldest { get; } = new(8, 5);

    /// <summary>The last release known.</summary>
    public static EngineVersion Newest { get; } = new(19, 0);

    /// <summary>Whether this release is one of those known; its patch releases count with it.</summary>
    public bool IsKnown => (Minor, Patch).CompareTo((Oldest.Minor, Oldest.Patch)) >= 0 && Minor <= Newest.Minor;

    /// <summary>Whether an A100 of 80 GB starts with the larger token budget of other large GPUs, as until 0.8.</summary>
    internal bool HasLargeBudgetOnA100 => Minor < 9;

    /// <summary>Whether <c>enable_chunked_prefill</c> is looked at; 0.8 has the flag and splits prompts regardless.</summary>
    internal bool HeedsChunkedPrefill => Minor >= 9;

    /// <summary>Whether the asynchronous loop exists.</summary>
    internal bool HasAsyncScheduling => Minor >= 10;

    /// <summary>Whether the asynchronous loop is the default.</summary>
    internal bool IsAsyncByDefault => Minor >= 14;

    /// <summary>Whether the priority policy is reproduced: from the oldest release on that was checked. Those of mid-2025 crash in it.</summary>
    internal bool HasPriority => Minor >= 11;

    /// <summary>Whether a victim of the priority policy keeps the tokens of its call, and computes them in vain: 0.11.0, mended in 0.11.1.</summary>
    internal bool VictimKeepsTokens => (Minor, Patch) == (11, 0);

    /// <summary>Whether a waiting request must find free blocks for all its known tokens.</summary>
    internal bool HasAdmissionGate => Minor >= 19;

    /// <summary>What happens to a prompt that does not fit the budget, without chunked prefill: recorded of 0.11, changed in December 2025.</summary>
    internal UnchunkedAdmission UnchunkedAdmission => Minor < 13 ? UnchunkedAdmission.SkipReversed : UnchunkedAdmission.Stop;

    /// <summary>Reads a release as written; whether it is known is another matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EngineVersion? version)
    {
        version = null;
        string[] parts = text.ToLowerInvariant().Split('@');
        if (parts[0] != Name || parts.Length > 2)
        {
            return false;
        }

        version = parts.Length == 1 ? Newest
            : System.Version.TryParse(parts[1].TrimStart('v'), out System.Version? given) && given is { Major: 0, Revision: -1 }
                ? new EngineVersion(given.Minor, Math.Max(0, given.Build))
                : null;
        return version is not null;
    }

    /// <summary>The release as written.</summary>
    public override string ToString() => $"{Name}@0.{Minor}.{Patch}";
}
