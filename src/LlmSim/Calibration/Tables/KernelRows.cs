using LlmSim.Specs;

namespace LlmSim.Calibration.Tables;

/// <summary>A measured matrix product.</summary>
internal readonly record struct GemmRow(DataType Type, int Rows, int Outer, int Inner, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"m {Rows}, n {Outer}, k {Inner}";

    /// <inheritdoc />
    public string Region => Regions.Of("m", Rows, 16, 128, 1024, 8192);

    /// <summary>Bytes of weights, inputs and outputs.</summary>
    public double Bytes => (double)Inner * Outer * Type.BytesPerElement() + 2.0 * Rows * ((double)Inner + Outer);
}

/// <summary>Measured attention of one layer: equal sequences, with 16-bit caches.</summary>
internal readonly record struct AttentionRow(
    int Sequences, int NewTokens, long Context, int Heads, int KvHeads, int HeadSize, double Seconds, bool IsCold) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"batch {Sequences}, new tokens {NewTokens}, context {Context}, heads {Heads}/{KvHeads} of {HeadSize}";

    /// <inheritdoc />
    public string Region => NewTokens == 1
        ? $"{Regions.Of("batch", Sequences, 8, 64)}, {Regions.Of("context", Context, 1024, 8192)}"
        : Regions.Of("new tokens", (double)Sequences * NewTokens, 512, 4096, 32768) + (Context > 0 ? ", behind others" : "");

    /// <summary>Bytes of keys and values, new ones included.</summary>
    public double CacheBytes => 4.0 * HeadSize * KvHeads * Sequences * (Context + NewTokens);
}

/// <summary>Measured experts of one layer.</summary>
internal readonly record struct ExpertRow(
    DataType Type, int Tokens, int Hidden, int Width, int PerToken, int Experts, bool IsBalanced, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"tokens {Tokens}, hidden {Hidden}, width {Width}, {PerToken} of {Experts}";

    /// <inheritdoc />
    public string Region => Regions.Of("tokens", Tokens, 32, 512, 4096);

    /// <summary>Experts met: all that the tokens can reach where they were spread on purpose, else all.</summary>
    public double Distinct => IsBalanced ? Math.Min(Experts, (double)Tokens * PerToken) : Experts;

    /// <summary>Weights of one gated expert.</summary>
    public double Elements => 3.0 * Hidden * Width;

    /// <summary>Bytes of weights read.</summary>
    public double WeightBytes => Distinct * Elements * Type.BytesPerElement();

    /// <summary>Bytes of activations between the kernels.</summary>
    public double ActivationBytes => 2.0 * Tokens * PerToken * (3.0 * Hidden + 6.0 * Width);
}

/// <summary>Measured attention of one layer in a step of one prompt chunk and equal decoding sequences, and of the chunk alone.</summary>
internal readonly record struct MixedRow(
    int Chunk, int Behind, int Sequences, int Context, int Heads, int KvHeads, int HeadSize, double Seconds, double PrefillSeconds)
    : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"{Sequences} sequences with {Context} beside {Chunk} behind {Behind}, heads {Heads}/{KvHeads}";

    /// <inheritdoc />
    public string Region => Regions.Of("contexts", Context, 512, 4096);
}

/// <summary>Measured attention of one layer to unequal contexts, and to as many equal ones of their mean.</summary>
internal readonly record struct SkewRow(
    int Sequences, double Mean, double Longest, double Deviation, int KvHeads, int HeadSize, double MeanSeconds, double Seconds);

/// <summary>A measured all-reduce.</summary>
internal readonly record struct AllReduceRow(int Ranks, double Bytes, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"{Bytes:0} bytes";

    /// <inheritdoc />
    public string Region => Regions.Of("kB", Bytes / 1000, 64, 4096);
}

/// <summary>A measured kernel that only moves memory, or a sampler.</summary>
internal readonly record struct PassRow(string Kernel, int Tokens, double Bytes, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"{Kernel} of {Tokens}";

    /// <inheritdoc />
    public string Region => Regions.Of("rows", Tokens, 64, 1024);
}
