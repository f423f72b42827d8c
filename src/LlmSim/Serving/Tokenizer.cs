using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>The tokeniser: one thread that serves requests in turn (a single-server queue, exact by Lindley's recursion).</summary>
internal sealed class Tokenizer
{
    private readonly double _requestNs;
    private readonly double _tokenNs;
    private long _freeAtNs;

    /// <summary>Creates a tokeniser with the host's costs.</summary>
    public Tokenizer(HostSpec host)
    {
        _requestNs = host.TokenizationSeconds * 1e9;
        _tokenNs = host.TokenizationSecondsPerToken * 1e9;
    }

    /// <summary>When the next request, arriving at <paramref name="arrivalNs"/>, is tokenised.</summary>
    public long Serve(long arrivalNs, int tokens) =>
        _freeAtNs = Math.Max(_freeAtNs, arrivalNs) + (long)Math.Round(_requestNs + (_tokenNs * tokens));
}
