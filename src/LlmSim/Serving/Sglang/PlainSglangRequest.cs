using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <summary>A request as the plain engine keeps it, with the fields that SGLang's own has.</summary>
internal sealed class PlainSglangRequest(InboundRequest inbound, TokenRun[] path)
{
    public InboundRequest Inbound { get; } = inbound;

    /// <summary>Prompt and output as the radix tree sees them.</summary>
    public TokenRun[] Path { get; } = path;

    /// <summary>Its limit: <c>max_new_tokens</c>.</summary>
    public int MaxNewTokens { get; } = Math.Max(inbound.OutputLimit, inbound.OutputTokens);

    /// <summary>Larger is more urgent.</summary>
    public long Urgency { get; init; }

    /// <summary>When it last joined the queue, as a number that counts up.</summary>
    public long QueueEntry { get; set; }

    /// <summary>Output tokens known.</summary>
    public int Output { get; set; }

    /// <summary>Output tokens in flight.</summary>
    public int Pending { get; set; }

    /// <summary>Tokens with keys and values in memory, those of the step just decided included.</summary>
    public int Computed { get; set; }

    /// <summary>Tokens that its latest prefill covers (<c>fill_ids</c>).</summary>
    public int Filled { get; set; }

    /// <summary>Its first tokens that the tree holds for it; the rest is its own.</summary>
    public int Shared { get; set; }

    /// <summary>The node of the tree that ends what it shares; locked while it runs.</summary>
    public RadixNode? Node { get; set; }

    /// <summary>Tokens found in memory when the current stay's latest prefill was decided (<c>prefix_indices</c>).</summary>
    public int Prefix { get; set; }

    /// <summary>Tokens to compute in its next prefill, as last reckoned (<c>extend_input_len</c>).</summary>
    public int Extend { get; set; }

    /// <summary>Steps in flight that hold a part of its prompt which is not the last (<c>is_chunked</c>).</summary>
    public int OpenChunks { get; set; }

    public bool IsFinished { get; set; }

    /// <summary>Thrown out and not taken again: what is in flight of it is dropped.</summary>
    public bool IsThrownOut { get; set; }

    public int Preemptions { get; set; }

    public long WaitingSinceNs { get; set; } = inbound.ReadyNs;

    public long FirstScheduledNs { get; set; } = -1;

    public long FirstTokenNs { get; set; }

    /// <summary>When its latest token came out.</summary>
    public EngineClock LastToken { get; set; }

    /// <summary>Prompt and known output.</summary>
    public int KnownTokens => Inbound.InputTokens + Output;

    /// <summary>What is left of its limit, as the reservation counts it.</summary>
    public int ReservedTokens => Math.Min(MaxNewTokens - Output, SglangLimits.ClipMaxNewTokens);
}
