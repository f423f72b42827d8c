namespace LlmSim.Specs;

/// <summary>Requests read from a file instead of drawn.</summary>
/// <remarks>
/// In this order: rows of other classes are left out, then rows outside the slice; the slice's start becomes the start; it is
/// repeated; at last times are scaled.
/// </remarks>
public sealed record TraceSpec
{
    /// <summary>
    /// File, plain or gzip: CSV of the Azure LLM inference trace (TIMESTAMP, ContextTokens, GeneratedTokens) or of
    /// <c>arrival_s,input_tokens,output_tokens</c>, told apart by the header, or JSON lines as Mooncake publishes.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Factor on the trace's request rate: 2 halves every gap. Above 0. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>
    /// Stretch times so that the slice lasts this many seconds: to its end, or to its last request where it has none. Above 0, and
    /// instead of <see cref="Scale"/>. Default null: as it is. The file is then read twice.
    /// </summary>
    public double? SpanSeconds { get; init; }

    /// <summary>Leave out requests before this many seconds of the trace, unscaled. At least 0. Default 0.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Leave out requests from this many seconds of the trace on, unscaled. Above the start. Default null: none.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>
    /// How many times the slice is sent, one after the other. At least 1. Default 1. The next begins at the slice's end or, where it
    /// has none, one mean gap after its last request.
    /// </summary>
    public int Repeat { get; init; } = 1;

    /// <summary>Leave out requests of other classes, as the column <c>class</c> tells. Default null: none.</summary>
    public string? Class { get; init; }
}
