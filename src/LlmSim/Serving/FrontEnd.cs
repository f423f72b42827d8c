using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>
/// What a request goes through before it joins an engine's queue: the way to the API server, that server, the tokeniser. The last two are
/// one thread each.
/// </summary>
/// <param name="host">What they cost.</param>
internal sealed class FrontEnd(HostSpec host)
{
    private readonly long _ingressNs = (long)Math.Round((host.IngressSeconds ?? 0) * 1e9);
    private readonly HostQueue _server = new(host.HttpSeconds, host.HttpSecondsPerToken);
    private readonly HostQueue _tokenizer = new(host.TokenizationSeconds, host.TokenizationSecondsPerToken);

    /// <summary>When the next request, arriving at <paramref name="arrivalNs"/>, is tokenised.</summary>
    public long Serve(long arrivalNs, int tokens) => _tokenizer.Serve(_server.Serve(arrivalNs + _ingressNs, tokens), tokens);
}
