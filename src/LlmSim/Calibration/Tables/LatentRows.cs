namespace LlmSim.Calibration.Tables;

/// <summary>A time measured of latent attention, as tables have it: of a whole layer's attention with its products, or of the kernels alone.</summary>
/// <param name="Sequences">Equal sequences.</param>
/// <param name="NewTokens">New tokens of each; 1 when decoding.</param>
/// <param name="Keys">Latents that the last of them attends to.</param>
/// <param name="Heads">Heads on the GPU.</param>
/// <param name="IsPlain">Whether the products are in 16 bits.</param>
/// <param name="Kernel">The attention kernel, as the table calls it.</param>
/// <param name="Seconds">Time measured.</param>
internal readonly record struct LatentTime(int Sequences, int NewTokens, long Keys, int Heads, bool IsPlain, string Kernel, double Seconds)
{
    /// <summary>New tokens of all sequences.</summary>
    public long Tokens => (long)Sequences * NewTokens;
}

/// <summary>
/// What latent attention takes: less what its layer takes besides, or less what the same layer takes for as many tokens that attend to the fewest
/// latents.
/// </summary>
/// <param name="Time">The time it comes from.</param>
/// <param name="Base">The layer with the fewest latents; null where there is none.</param>
/// <param name="Seconds">The difference.</param>
internal readonly record struct LatentRow(LatentTime Time, LatentTime? Base, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"batch {Time.Sequences}, new tokens {Time.NewTokens}, latents {Time.Keys}, heads {Time.Heads}";

    /// <inheritdoc />
    public string Region => Time.NewTokens == 1
        ? $"{Regions.Of("batch", Time.Sequences, 8, 64)}, {Regions.Of("context", Time.Keys, 1024, 8192)}"
        : Regions.Of("new tokens", Time.Tokens, 512, 4096, 32768);
}

/// <summary>A measured product of each head with a matrix of its own.</summary>
internal readonly record struct BatchedRow(int Heads, int Rows, int Inner, int Outer, double Seconds) : IKernelRow
{
    /// <inheritdoc />
    public string Shape => $"{Heads} heads, m {Rows}, n {Outer}, k {Inner}";

    /// <inheritdoc />
    public string Region => Regions.Of("m", Rows, 16, 128, 1024);
}
