namespace LlmSim.Specs;

/// <summary>CPU time of the serving process.</summary>
/// <remarks>
/// Priors, not measurements of a particular machine. Step and sequence cost: measured H100 runs hide 1 ms + 10 µs a sequence
/// behind asynchronous scheduling. Tokenisation: about 0.5 million tokens a second on one thread (vLLM issue 25301).
/// </remarks>
public sealed record HostSpec
{
    /// <summary>CPU time per engine step, in seconds. At least 0. Default 1 ms.</summary>
    public double StepSeconds { get; init; } = 1e-3;

    /// <summary>CPU time per sequence in the step, in seconds. At least 0. Default 10 µs.</summary>
    public double SequenceSeconds { get; init; } = 10e-6;

    /// <summary>
    /// Time that the API server takes for a request before it is tokenised, in seconds; one thread serves all requests of a replica
    /// in turn. At least 0. Default 0.
    /// </summary>
    public double HttpSeconds { get; init; }

    /// <summary>The same per prompt token, in seconds. At least 0. Default 0.</summary>
    public double HttpSecondsPerToken { get; init; }

    /// <summary>
    /// Time to detokenise and stream a generated token, in seconds: one thread behind each replica's engine takes the tokens of one step
    /// after those of another, and clients have them when the last of the step is done. At least 0. Default 0: clients see a token when
    /// the GPU has made it.
    /// </summary>
    public double DetokenizationSecondsPerToken { get; init; }

    /// <summary>Tokenisation time per request, in seconds, before its tokens are counted. At least 0. Default 0.</summary>
    public double TokenizationSeconds { get; init; }

    /// <summary>Tokenisation time per prompt token, in seconds; one thread serves all requests in turn. At least 0. Default 2 µs.</summary>
    public double TokenizationSecondsPerToken { get; init; } = 2e-6;
}
