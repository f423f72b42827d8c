using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>Reads the finished results of a part of a sweep, row by row.</summary>
internal sealed class ShardReader : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _field;
    private readonly FileStream _file;
    private long _read;

    private ShardReader(string path, string field, FileStream file)
    {
        Path = path;
        _field = field;
        _file = file;
        Header = ResultFile.ReadHeader(file, field, path);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Which sweep and which part of it.</summary>
    public SweepHeader Header { get; }

    /// <summary>Opens a part.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The argument that names it, for messages.</param>
    /// <exception cref="ConfigException">It cannot be read, or is something else.</exception>
    public static ShardReader Open(string path, string field)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            return new ShardReader(path, field, file);
        }
        catch (ConfigException)
        {
            file!.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : Directory.Exists(path) ? "a directory" : e.Message.TrimEnd('.');
            throw new ConfigException(new ConfigProblem(field, $"{path} ({why})", "what llmsim sweep --shard wrote", "Check the path."));
        }
    }

    /// <summary>The next row, in the order of points.</summary>
    /// <exception cref="ConfigException">The part was not finished, or is damaged.</exception>
    public SweepRow Read()
    {
        byte[]? content = ResultRecord.ReadFramed(_file);
        if (content is null || ResultRecord.Point(content) != Header.Shard.Point(_read))
        {
            throw new ConfigException(new ConfigProblem(_field, $"{Path} (not finished or damaged: of {Header.Shard.Points(Header.Grid.Count)} runs it has {_read} in order)",
                "a finished shard", $"Run the sweep with --shard {Header.Shard} once more."));
        }

        _read++;
        return ResultRecord.Row(content);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
