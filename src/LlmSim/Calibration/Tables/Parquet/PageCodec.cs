using Snappier;
using ZstdSharp;

namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>Unpacks pages.</summary>
internal static class PageCodec
{
    private const int None = 0;
    private const int SnappyBlock = 1;
    private const int Zstandard = 6;
    private const int MostBytes = 1 << 28; // Writers keep pages to a megabyte or so: more is no page.

    /// <summary>The page's bytes as they were before packing.</summary>
    /// <param name="codec">Member of Parquet's CompressionCodec.</param>
    /// <param name="packed">The page.</param>
    /// <param name="size">Its size unpacked, in bytes.</param>
    /// <exception cref="InvalidDataException">The codec is none of these, or the page is none of its.</exception>
    public static byte[] Unpack(int codec, ReadOnlySpan<byte> packed, int size)
    {
        if (size > MostBytes)
        {
            throw new InvalidDataException($"a page of {size} bytes");
        }

        byte[] page = new byte[size];
        int count = codec switch
        {
            None when packed.Length == size => Copy(packed, page),
            SnappyBlock when Snappy.GetUncompressedLength(packed) == size => Snappy.Decompress(packed, page),
            Zstandard => UnpackZstandard(packed, page),
            None or SnappyBlock => throw new InvalidDataException($"a page of another size than {size} bytes"),
            _ => throw new InvalidDataException($"compression {Name(codec)}; none, snappy and zstd are read"),
        };
        return count == size ? page : throw new InvalidDataException($"a page of {count} bytes where {size} are due");
    }

    private static int Copy(ReadOnlySpan<byte> packed, byte[] page)
    {
        packed.CopyTo(page);
        return packed.Length;
    }

    private static int UnpackZstandard(ReadOnlySpan<byte> packed, byte[] page)
    {
        using var decompressor = new Decompressor();
        try
        {
            return decompressor.Unwrap(packed, page);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static string Name(int codec) => codec switch { None => "none", 2 => "gzip", 3 => "lzo", 4 => "brotli", 5 => "lz4", 7 => "lz4 (raw)", _ => $"{codec}" };
}
