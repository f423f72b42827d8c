using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Reads a trace row by row, however long it is, and says what is wrong with each row.</summary>
internal abstract class TraceReader : IDisposable
{
    /// <summary>Greatest length in tokens that is read; the sum of a prompt and an output then fits an int.</summary>
    public const int MostTokens = 1_000_000_000;

    /// <summary>What a length may be, for messages.</summary>
    public static readonly string AllowedTokens = $"a whole number of tokens from 1 to {MostTokens}";

    /// <summary>Name of the file's format, for people.</summary>
    public abstract string FormatName { get; }

    /// <summary>Opens a trace; its first characters, or its header, tell the format.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">Where class names are looked up.</param>
    /// <exception cref="ConfigException">The file cannot be read, or is of no known format.</exception>
    public static TraceReader Open(string path, ClassBook classes)
    {
        TextReader text = TraceFile.Open(path);
        try
        {
            return text.Peek() switch
            {
                '{' when classes.IsRequired => throw new ConfigException(TraceProblems.NoClasses(path)),
                '{' => new MooncakeTraceReader(path, text),
                '[' => throw new ConfigException(TraceProblems.NoTimes(path)),
                _ => new CsvTraceReader(path, text, classes),
            };
        }
        catch (Exception e)
        {
            text.Dispose();
            if (IsBrokenData(e))
            {
                throw new ConfigException(TraceProblems.BrokenData(path, 0, e));
            }

            throw;
        }
    }

    /// <summary>
    /// Reads the next row. False at the end of the file. What is wrong with the row, or with the file where it ends early, is
    /// added to <paramref name="problems"/>; the request then means nothing.
    /// </summary>
    public abstract bool TryRead(out ArrivingRequest request, List<ConfigProblem> problems);

    /// <summary>Releases the file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the reader holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>Whether an error means that the file cannot be read on.</summary>
    public static bool IsBrokenData(Exception e) => e is IOException or InvalidDataException or NotSupportedException;
}
