using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>A file of results: a line that says what it is, the header, and a record for each run.</summary>
/// <remarks>
/// While a sweep goes on it is the sweep's journal, with runs in the order in which they ended; a finished part of a sweep is one with runs in the order
/// of their points.
/// </remarks>
internal static class ResultFile
{
    private static ReadOnlySpan<byte> Name => "llmsim sweep results "u8;

    private static ReadOnlySpan<byte> Preamble => "llmsim sweep results 1\n"u8;

    /// <summary>How a file begins.</summary>
    public static byte[] Beginning(SweepHeader header) => [.. Preamble, .. ResultRecord.Framed(header.ToBytes())];

    /// <summary>Reads how a file begins; what follows are records.</summary>
    /// <param name="file">The file, at its start.</param>
    /// <param name="field">The flag or argument that names it, for messages.</param>
    /// <param name="path">Its name, for messages.</param>
    /// <exception cref="ConfigException">It is no such file, is of another format, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SweepHeader ReadHeader(Stream file, string field, string path)
    {
        byte[] begin = new byte[Preamble.Length];
        int read = file.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false);
        if (!begin.AsSpan(0, read).StartsWith(Name))
        {
            throw Problem(field, $"{path} (something else)", "Name another file; this one was left as it is.");
        }

        if (!begin.AsSpan().SequenceEqual(Preamble))
        {
            throw Problem(field, $"{path} (written by another version of llmsim in another format)",
                "Finish it with that version, or remove it to begin anew.");
        }

        return ResultRecord.ReadFramed(file) is { } header ? SweepHeader.Read(header)
            : throw Problem(field, $"{path} (damaged at its beginning)", "Remove it to begin anew.");
    }

    private static ConfigException Problem(string field, string what, string fix) => new(new ConfigProblem(field, what, "results of a sweep", fix));
}
