namespace LlmSim.Specs;

/// <summary>The requests: drawn from distributions, or a trace.</summary>
public sealed record WorkloadSpec
{
    /// <summary>Law of the gaps between requests. Default Poisson. Not used with a trace.</summary>
    public ArrivalProcess Arrival { get; init; }

    /// <summary>
    /// Poisson arrivals: shape of the gamma law that gaps are drawn from, as <c>vllm bench serve --burstiness</c>. Above 0; 1 is
    /// exponential gaps, less is more bursty, infinity equal gaps. Default 1. Not used with a trace.
    /// </summary>
    public double Burstiness { get; init; } = 1;

    /// <summary>Mean requests per second. Above 0. Default 2. Not used with a trace, nor with a ramp.</summary>
    public double RequestRatePerSecond { get; init; } = 2;

    /// <summary>How the rate changes over time; null, the default, keeps it. Not used with a trace.</summary>
    public RateCurveSpec? RateCurve { get; init; }

    /// <summary>
    /// Stop after this many requests. At least 1. Default: 1000 when no duration is given; all of a trace.
    /// </summary>
    public long? NumRequests { get; init; }

    /// <summary>Send no request later than this many seconds. Above 0. Default: no such limit.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>
    /// Clients, each of which waits for its answer before it sends another request, as <c>vllm bench serve --max-concurrency</c>: a
    /// request that comes due while all wait is sent when one is free, and counts from then. At least 1. Default null: no limit.
    /// </summary>
    /// <remarks>With an infinite rate clients alone set the pace. In files and flags that is the default rate where this is given.</remarks>
    public int? MaxConcurrency { get; init; }

    /// <summary>
    /// Seconds from an answer to its client's next request, or to the next turn of its conversation. From 0, the default, to 10⁹. Only with
    /// <see cref="MaxConcurrency"/> or <see cref="Sessions"/>.
    /// </summary>
    public double ThinkSeconds { get; init; }

    /// <summary>
    /// Conversations of several turns instead of single requests; null, the default, for none. The arrival process and its rate are then
    /// those of first turns, the lengths those of the user's words and the answer in each turn, the prefix stands before the first,
    /// and each client has one conversation after another. Not used with a trace.
    /// </summary>
    public SessionSpec? Sessions { get; init; }

    /// <summary>
    /// Seconds after sending a request at which a client gives up unless it has the whole answer; the engine then drops the request.
    /// Above 0. Default null: clients wait for ever. Classes may have their own.
    /// </summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The same unless it has a first token. Above 0. Default null.</summary>
    public double? TtftTimeoutSeconds { get; init; }

    /// <summary>Prompt length. Default 512 tokens. Not used with a trace.</summary>
    public LengthSpec InputLength { get; init; } = LengthSpec.Fixed(512);

    /// <summary>Output length. Default 128 tokens. Not used with a trace.</summary>
    public LengthSpec OutputLength { get; init; } = LengthSpec.Fixed(128);

    /// <summary>
    /// Spread of fixed lengths L, as <c>vllm bench serve --random-range-ratio</c>: whole numbers from L(1 − r) to L(1 + r) equally
    /// likely. From 0, the default, to below 1. Not used with a trace or a data set.
    /// </summary>
    public double RangeRatio { get; init; }

    /// <summary>
    /// Spearman's rank correlation of prompt and output length, by a Gaussian copula that leaves both laws as they are. From −1
    /// to 1. Default 0. Not used with a trace or a data set.
    /// </summary>
    public double LengthCorrelation { get; init; }

    /// <summary>
    /// What prompts begin with in common, on top of their length, as <c>vllm bench serve --random-prefix-len</c>; null, the default,
    /// for nothing. Not used with a trace.
    /// </summary>
    public PrefixSpec? Prefix { get; init; }

    /// <summary>
    /// Send only so many different requests, again and again in the same order. From 1 to 1,048,576. Default null: all are different.
    /// Not used with a trace.
    /// </summary>
    public int? DistinctPrompts { get; init; }

    /// <summary>Classes of requests, at most 256; empty, the default, for one kind only. With a trace, its column <c>class</c> tells them.</summary>
    public IReadOnlyList<RequestClassSpec> Classes { get; init; } = [];

    /// <summary>
    /// File of pairs of prompt and output length to draw from instead of the two laws, with arrivals as described here; null means
    /// none. CSV with columns <c>input_tokens,output_tokens[,weight]</c>, with a header or without; any trace, whose times are not
    /// looked at; or JSON conversations in the form of ShareGPT. Plain or gzip.
    /// </summary>
    public string? DatasetPath { get; init; }

    /// <summary>A trace to replay instead; null means draw.</summary>
    public TraceSpec? Trace { get; init; }
}
