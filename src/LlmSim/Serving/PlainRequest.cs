using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>A request as the plain engine keeps it, with the fields that vLLM's own has.</summary>
internal sealed class PlainRequest(InboundRequest inbound)
{
    public InboundRequest Inbound { get; } = inbound;

    /// <summary>What the scheduling policy orders it by.</summary>
    public long Key { get; init; }

    /// <summary>Whether it decodes and the call before passed it over, or it was swapped out.</summary>
    public bool IsLate { get; set; }

    /// <summary>Output tokens sampled and known.</summary>
    public int Output { get; set; }

    /// <summary>Output tokens in flight: scheduled, not known yet.</summary>
    public int Placeholders { get; set; }

    /// <summary>Tokens whose keys and values are computed, this call's included.</summary>
    public int Computed { get; set; }

    /// <summary>KV blocks held.</summary>
    public List<PlainBlock> Blocks { get; } = [];

    /// <summary>How many of them others may find.</summary>
    public int RegisteredBlocks { get; set; }

    /// <summary>What its tokens say.</summary>
    public required PlainContents Contents { get; init; }

    /// <summary>Whether it waits with its computed tokens in host memory.</summary>
    public bool IsSwapped { get; set; }

    /// <summary>Tokens that the prefill of the current stay must compute; decoding comes after.</summary>
    public int PrefillTarget { get; set; }

    public int Preemptions { get; set; }

    public bool IsRunning { get; set; }

    /// <summary>Whether its client gave up; it may still be in a step in flight.</summary>
    public bool IsAborted { get; set; }

    public long WaitingSinceNs { get; set; } = inbound.ReadyNs;

    public long FirstScheduledNs { get; set; }

    public long FirstTokenNs { get; set; }

    public long LastTokenNs { get; set; }

    /// <summary>When clients have the tokens of the latest step that it was scheduled in.</summary>
    public EngineClock LastOut { get; set; }

    /// <summary>Prompt and known output.</summary>
    public int KnownTokens => Inbound.InputTokens + Output;
}
