using System.IO.Compression;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Opens trace files.</summary>
internal static class TraceFile
{
    private const string TraceField = "workload.trace";
    private const int GzipMagic = 0x8B1F; // little-endian, RFC 1952
    private const string StrictGzip = "System.IO.Compression.UseStrictValidation";

    /// <summary>The text of a file, unpacked when it is gzip whatever its name says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The field that names it, for messages.</param>
    /// <exception cref="ConfigException">There is no such file, or it cannot be read.</exception>
    public static TextReader Open(string path, string field = TraceField) => new StreamReader(OpenBytes(path, field));

    /// <summary>The bytes of a file, unpacked when it is gzip whatever its name says.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The field that names it, for messages.</param>
    /// <exception cref="ConfigException">There is no such file, or it cannot be read.</exception>
    public static Stream OpenBytes(string path, string field)
    {
        if (Directory.Exists(path))
        {
            throw Unreadable(field, path, "a directory", "Name the file in it.");
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16,
                FileOptions.SequentialScan);
            return IsGzip(file) ? Unpack(file) : file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw e is FileNotFoundException or DirectoryNotFoundException
                ? Unreadable(field, path, "no such file", "Check the path; it counts from the current directory.")
                : Unreadable(field, path, e.Message, "Check the path and its permissions.");
        }
    }

    /// <summary>
    /// .NET takes a gzip file that was cut off for one that ends there, unless told otherwise before the process first uses
    /// its decompressor. A program that has decided on that switch keeps its choice.
    /// </summary>
    private static GZipStream Unpack(FileStream file)
    {
        if (!AppContext.TryGetSwitch(StrictGzip, out _))
        {
            AppContext.SetSwitch(StrictGzip, true);
        }

        return new GZipStream(file, CompressionMode.Decompress);
    }

    /// <summary>Looks at the first two bytes. What cannot be rewound, such as a pipe, is taken as plain text.</summary>
    private static bool IsGzip(FileStream file)
    {
        if (!file.CanSeek)
        {
            return false;
        }

        int magic = file.ReadByte() | (file.ReadByte() << 8);
        file.Position = 0;
        return magic == GzipMagic;
    }

    private static ConfigException Unreadable(string field, string path, string why, string fix) => new(new ConfigProblem(
        field, $"{path} ({why})", "a readable file, plain or gzip", fix));
}
