namespace LlmSim.Workloads;

/// <summary>
/// Random numbers by index instead of in order, for what is drawn per request by whoever comes to need it first: SplitMix64's
/// output function over a counter (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
/// </summary>
internal sealed class IndexedDraws
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong _start;

    /// <summary>The numbers of the stream with this name under this seed.</summary>
    public IndexedDraws(ulong seed, string name) => _start = new RandomStream(seed, name).NextUInt64();

    /// <summary>Uniform in (0, 1), an odd multiple of 2⁻⁵³.</summary>
    public double OpenDouble(long index)
    {
        ulong state = _start + ((ulong)index * GoldenGamma);
        return RandomStream.ToOpenDouble(RandomStream.SplitMix(ref state));
    }
}
