using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using LlmSim.Metrics;

namespace LlmSim.Planning.Sweeps;

/// <summary>
/// Records of a file of results, each behind its length and before its checksum (CRC-32C), so that one that was not written to its end is known.
/// </summary>
internal static class ResultRecord
{
    private const int LengthBytes = sizeof(int);
    private const int ChecksumBytes = sizeof(uint);
    private const int FixedBytes = sizeof(long) + 2 + sizeof(int);

    /// <summary>Longest record that is believed, in bytes.</summary>
    private const int MostBytes = 1 << 28;

    /// <summary>A record with its length and checksum.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> content)
    {
        byte[] record = new byte[LengthBytes + content.Length + ChecksumBytes];
        BinaryPrimitives.WriteInt32LittleEndian(record, content.Length);
        content.CopyTo(record.AsSpan(LengthBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(^ChecksumBytes), Checksum(record.AsSpan(..^ChecksumBytes)));
        return record;
    }

    /// <summary>Reads the next record; null where the file ends, or holds one that was not written to its end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[]? ReadFramed(Stream file)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        if (file.ReadAtLeast(length, LengthBytes, throwOnEndOfStream: false) < LengthBytes)
        {
            return null;
        }

        int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes is < 0 or > MostBytes || bytes > file.Length - file.Position)
        {
            return null;
        }

        byte[] record = new byte[LengthBytes + bytes + ChecksumBytes];
        length.CopyTo(record);
        return file.ReadAtLeast(record.AsSpan(LengthBytes), bytes + ChecksumBytes, throwOnEndOfStream: false) < bytes + ChecksumBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(^ChecksumBytes)) != Checksum(record.AsSpan(..^ChecksumBytes))
            ? null
            : record[LengthBytes..^ChecksumBytes];
    }

    /// <summary>A row as the content of a record.</summary>
    public static byte[] OfRow(SweepRow row)
    {
        int figures = row.Figures.Length * sizeof(double);
        byte[] content = new byte[FixedBytes + figures + Encoding.UTF8.GetByteCount(row.Problem)];
        BinaryPrimitives.WriteInt64LittleEndian(content, row.Point);
        content[sizeof(long)] = (byte)row.Status;
        content[sizeof(long) + 1] = (byte)row.Bottleneck;
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(FixedBytes - sizeof(int)), row.Figures.Length);
        for (int i = 0; i < row.Figures.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(content.AsSpan(FixedBytes + (i * sizeof(double))), row.Figures[i]);
        }

        Encoding.UTF8.GetBytes(row.Problem, content.AsSpan(FixedBytes + figures));
        return content;
    }

    /// <summary>The row that <see cref="OfRow"/> wrote.</summary>
    public static SweepRow Row(ReadOnlySpan<byte> content)
    {
        double[] figures = new double[BinaryPrimitives.ReadInt32LittleEndian(content[(FixedBytes - sizeof(int))..])];
        for (int i = 0; i < figures.Length; i++)
        {
            figures[i] = BinaryPrimitives.ReadDoubleLittleEndian(content[(FixedBytes + (i * sizeof(double)))..]);
        }

        return new SweepRow(Point(content), (RunStatus)content[sizeof(long)], (BottleneckKind)content[sizeof(long) + 1], figures,
            Encoding.UTF8.GetString(content[(FixedBytes + (figures.Length * sizeof(double)))..]));
    }

    /// <summary>The point of a row that <see cref="OfRow"/> wrote.</summary>
    public static long Point(ReadOnlySpan<byte> content) => BinaryPrimitives.ReadInt64LittleEndian(content);

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return ~crc;
    }
}
