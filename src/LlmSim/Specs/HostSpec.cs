namespace LlmSim.Specs;

/// <summary>CPU time of the serving process.</summary>
/// <remarks>
/// Priors, not measurements of a particular machine. Step and sequence cost: measured H100 runs hide 1 ms + 10 µs a sequence
/// behind asynchronous scheduling. What stands before and behind the engine is not there by the engine's clock
/// (<see cref="ServingClock.Engine"/>). Tokenisation and the defaults of vLLM: time to first token of 74,000 requests to vLLM 0.15 servers
/// on H100, of three models, 1 to 120 of them running at once (the public runs of <c>inference-sim/training</c>): 4 ms, 2.5 µs a prompt
/// token and 60 µs for each sequence of the step are what neither the step nor the wait for it explains.
/// </remarks>
public sealed record HostSpec
{
    /// <summary>CPU time per engine step, in seconds. At least 0. Default 1 ms.</summary>
    public double StepSeconds { get; init; } = 1e-3;

    /// <summary>CPU time per sequence in the step, in seconds. At least 0. Default 10 µs.</summary>
    public double SequenceSeconds { get; init; } = 10e-6;

    /// <summary>
    /// Time from a client's sending a request until the API server has it in hand, in seconds; requests do not wait for each other.
    /// At least 0. Default null: the engine's, 4 ms with vLLM, otherwise 0.
    /// </summary>
    public double? IngressSeconds { get; init; }

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

    /// <summary>
    /// How much later clients have the tokens of a step for each of them, in seconds: streams take them one by one, those of one step
    /// without waiting for another. From 0 to 1. Default null: the engine's, 60 µs with vLLM, otherwise 0.
    /// </summary>
    public double? StreamSecondsPerToken { get; init; }

    /// <summary>Tokenisation time per request, in seconds, before its tokens are counted. At least 0. Default 0.</summary>
    public double TokenizationSeconds { get; init; }

    /// <summary>Tokenisation time per prompt token, in seconds; one thread serves all requests in turn. At least 0. Default 2.5 µs.</summary>
    public double TokenizationSecondsPerToken { get; init; } = 2.5e-6;

    /// <summary>What is there by a scenario's clock, with the engine's defaults filled in.</summary>
    internal static HostSpec Resolve(SimulatorConfig config)
    {
        HostSpec given = config.Host;
        return config.Clock == ServingClock.Engine
            ? new HostSpec
            {
                StepSeconds = given.StepSeconds,
                SequenceSeconds = given.SequenceSeconds,
                TokenizationSecondsPerToken = 0,
                IngressSeconds = 0,
                StreamSecondsPerToken = 0,
            }
            : given with
            {
                IngressSeconds = given.IngressSeconds ?? config.Engine.IngressSeconds,
                StreamSecondsPerToken = given.StreamSecondsPerToken ?? config.Engine.StreamSecondsPerToken,
            };
    }
}
