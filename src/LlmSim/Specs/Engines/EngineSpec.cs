using System.Diagnostics.CodeAnalysis;

namespace LlmSim.Specs.Engines;

/// <summary>
/// The engine whose scheduler and defaults are reproduced, written <c>vllm</c>, <c>vllm@0.11</c>, <c>orca</c>. Everything in which engines
/// differ is a property here; a family says in a file of its own what it has otherwise.
/// </summary>
public abstract record EngineSpec
{
    /// <summary>The engine where none is named: the newest release of vLLM known.</summary>
    public static EngineSpec Default => VllmEngine.Newest;

    /// <summary>The family's name, as written.</summary>
    public string Name => Family.Name;

    /// <summary>The release, as written behind the name; null for a family with one behaviour.</summary>
    public virtual string? Release => null;

    /// <summary>Whether this release is one of those known; patch releases count with theirs.</summary>
    public virtual bool IsKnown => true;

    /// <summary>Whether its scheduler is built; what is not built is refused.</summary>
    internal virtual bool IsBuilt => true;

    /// <summary>What all releases of this engine have in common.</summary>
    internal abstract EngineFamily Family { get; }

    /// <summary>How it batches where the scenario does not say.</summary>
    internal virtual Batching Batching => Batching.Continuous;

    /// <summary>Tokens of a KV block by default.</summary>
    internal virtual int BlockSize => 16;

    /// <summary>Share of the GPU's memory that it uses by default.</summary>
    internal virtual double GpuMemoryUtilization => 0.9;

    /// <summary>
    /// Share, by default, of what weights and activations leave free that becomes KV blocks; null for an engine that goes by
    /// <see cref="GpuMemoryUtilization"/>, the share of the whole.
    /// </summary>
    internal virtual double? FreeMemoryFraction => null;

    /// <summary>Whether one KV block is never handed out.</summary>
    internal virtual bool HasNullBlock => false;

    /// <summary>Share of the KV blocks that an admission must leave free.</summary>
    internal virtual double Watermark => 0;

    /// <summary>Whether sequences are only as long as the KV pool allows; otherwise a pool too small for the longest one is refused.</summary>
    internal virtual bool ShortensToPool => false;

    /// <summary>Whether a step has a budget of tokens; without one only the KV pool bounds what is in it.</summary>
    internal virtual bool HasBudget => true;

    /// <summary>
    /// Whether a prompt over the budget is rejected when it comes, without chunked prefill; otherwise a budget below the longest
    /// sequence is refused.
    /// </summary>
    internal virtual bool RejectsLongPrompts => false;

    /// <summary>Whether a part of a prompt ends at the end of a KV block.</summary>
    internal virtual bool ChunksByBlock => false;

    /// <summary>Whether the step after the current one is scheduled while it runs, by default.</summary>
    internal virtual bool IsAsyncByDefault => false;

    /// <summary>Whether a waiting request must find free blocks for all its known tokens, by default.</summary>
    internal virtual bool HasAdmissionGate => false;

    /// <summary>Whether blocks keep their content, by default.</summary>
    internal virtual bool HasPrefixCaching => false;

    /// <summary>Whether a victim of the priority policy keeps the tokens of its call, and computes them in vain: vLLM 0.11.0, mended in 0.11.1.</summary>
    internal virtual bool VictimKeepsTokens => false;

    /// <summary>What happens by default to a waiting prompt that does not fit the budget, without chunked prefill.</summary>
    internal virtual UnchunkedAdmission UnchunkedAdmission => UnchunkedAdmission.Stop;

    /// <summary>Seconds that a request is on its way to the API server, by default.</summary>
    internal virtual double IngressSeconds => 0;

    /// <summary>Seconds that each token of a step delays the streams of that step, by default.</summary>
    internal virtual double StreamSecondsPerToken => 0;

    /// <summary>Most sequences running at once, by default.</summary>
    internal abstract int SeatsOn(GpuSpec gpu);

    /// <summary>Most tokens in one step, by default.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="seats">Most sequences running at once.</param>
    /// <param name="maxModelLen">Longest sequence in tokens.</param>
    /// <param name="isChunked">Whether prompts may be split over steps.</param>
    internal abstract int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked);

    /// <summary>Whether prompts may be split over steps, if the scenario asks for this; null where it does not say.</summary>
    internal virtual bool SplitsPrompts(bool? asked) => asked ?? true;

    /// <summary>For which tokens a request takes KV blocks when it is admitted.</summary>
    internal virtual KvReservation ReservationOf(SchedulerSpec given) => KvReservation.OnDemand;

    /// <summary>Whether requests are only admitted when none is running.</summary>
    internal virtual bool FillsOnlyWhenEmpty(SchedulerSpec given) => false;

    /// <summary>Adds what the scenario asks for and this release does not have, though others of its family do.</summary>
    internal virtual void Check(ProblemList list, SchedulerSpec given)
    {
    }

    /// <summary>Reads an engine as written; whether the release is known is another matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EngineSpec? engine)
    {
        string[] parts = text.Split('@');
        EngineFamily? family = EngineFamilies.Find(parts[0]);
        engine = parts.Length > 2 ? null : family?.Read(parts.Length == 1 ? null : parts[1].ToLowerInvariant());
        return engine is not null;
    }

    /// <summary>The engine as written.</summary>
    public sealed override string ToString() => Release is null ? Name : $"{Name}@{Release}";
}
