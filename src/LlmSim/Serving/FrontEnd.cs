using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>What a request goes through before it joins an engine's queue: the API server, then the tokeniser, each one thread.</summary>
/// <param name="host">What they cost.</param>
internal sealed class FrontEnd(HostSpec host)
{
    private readonly HostQueue _server = new(host.HttpSeconds, host.HttpSecondsPerToken);
    private readonly HostQueue _tokenizer = new(host.TokenizationSeconds, host.TokenizationSecondsPerToken);

    /// <summary>When the next request, arriving at <paramref name="arrivalNs"/>, is tokenised.</summary>
    public long Serve(long arrivalNs, int tokens) => _tokenizer.Serve(_server.Serve(arrivalNs, tokens), tokens);
}
