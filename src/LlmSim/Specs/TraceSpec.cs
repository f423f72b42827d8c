namespace LlmSim.Specs;

/// <summary>Requests read from a file instead of drawn.</summary>
public sealed record TraceSpec
{
    /// <summary>
    /// CSV file, plain or gzip: the Azure LLM inference trace (TIMESTAMP, ContextTokens, GeneratedTokens) or
    /// <c>arrival_s,input_tokens,output_tokens</c>; told apart by the header.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Factor on the trace's request rate: 2 halves every gap. Above 0. Default 1.</summary>
    public double Scale { get; init; } = 1;
}
