namespace LlmSim.Serving.Sglang;

/// <summary>A list of requests with the flag that SGLang keeps on it.</summary>
internal sealed class PlainSglangBatch
{
    public List<PlainSglangRequest> Requests { get; init; } = [];

    /// <summary>A flag, not a condition: while it is set no prefill is tried (<c>batch_is_full</c>).</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether prompts are in it.</summary>
    public bool IsPrefill { get; init; }

    /// <summary>The request whose prompt does not end in it.</summary>
    public PlainSglangRequest? Chunked { get; init; }

    /// <summary>How many of its first requests are prefills; the others decode.</summary>
    public int Prefills { get; init; }
}
