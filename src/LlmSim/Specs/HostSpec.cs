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

    /// <summary>Tokenisation time per request, in seconds, before its tokens are counted. At least 0. Default 0.</summary>
    public double TokenizationSeconds { get; init; }

    /// <summary>Tokenisation time per prompt token, in seconds; one thread serves all requests in turn. At least 0. Default 2 µs.</summary>
    public double TokenizationSecondsPerToken { get; init; } = 2e-6;
}
