using System.Text;

namespace LlmSim.Workloads;

/// <summary>Hashes that are the same on every machine and in every run.</summary>
internal static class StableHash
{
    private const int ShortText = 128;

    /// <summary>FNV-1a of a text in UTF-8.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = text.Length <= ShortText ? stackalloc byte[most] : new byte[most];
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in bytes[..Encoding.UTF8.GetBytes(text, bytes)])
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>The finisher of SplitMix64: every bit of what comes out depends on every bit of what goes in.</summary>
    public static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
