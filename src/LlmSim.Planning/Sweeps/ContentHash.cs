using System.Buffers.Binary;
using System.Text;
using LlmSim.Workloads;

namespace LlmSim.Planning.Sweeps;

/// <summary>A hash of one part after another, the same on every machine. Tells contents apart that differ by accident, not by malice.</summary>
internal sealed class ContentHash
{
    private const int ChunkBytes = 1 << 16;

    /// <summary>The hash of what was added.</summary>
    public ulong Value { get; private set; }

    /// <summary>Adds a number.</summary>
    public void Add(long number) => Value = StableHash.Finish(Value ^ (ulong)number) + 0x9E3779B97F4A7C15;

    /// <summary>Adds a text.</summary>
    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        for (; bytes.Length >= sizeof(long); bytes = bytes[sizeof(long)..])
        {
            Add(BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }

        Span<byte> rest = stackalloc byte[sizeof(long)];
        rest.Clear();
        bytes.CopyTo(rest);
        Add(BinaryPrimitives.ReadInt64LittleEndian(rest));
    }

    /// <summary>Adds what a stream holds.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Add(Stream stream)
    {
        byte[] chunk = new byte[ChunkBytes];
        int read;
        do
        {
            read = stream.ReadAtLeast(chunk, ChunkBytes, throwOnEndOfStream: false);
            Add(chunk.AsSpan(0, read));
        }
        while (read == ChunkBytes);
    }
}
