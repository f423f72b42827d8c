using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>
/// The runs of a sweep that have ended, on disk from the moment they end: a sweep that is killed goes on where it was. Only one process at a time
/// has it open, which the operating system sees to, also when that process is killed.
/// </summary>
/// <remarks>Keeps 8 bytes of memory a run, the rest is in the file. Rows may be appended from several threads.</remarks>
internal sealed class SweepJournal : IDisposable
{
    private const int ScanBytes = 1 << 16;

    private readonly Lock _lock = new();
    private readonly string _field;
    private readonly FileStream _file;
    private readonly SweepHeader _header;

    // Where each run's record begins, those of this part of the sweep counted on; 0 for a run that has not ended.
    private readonly long[] _places;
    private long _end;

    private SweepJournal(string path, string field, FileStream file, SweepHeader header)
    {
        Path = path;
        _field = field;
        _file = file;
        _header = header;
        _places = new long[header.Shard.Points(header.Grid.Count)];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Runs that have ended.</summary>
    public long Done { get; private set; }

    /// <summary>Runs of this part of the sweep.</summary>
    public long Runs => _places.Length;

    /// <summary>Opens a sweep's journal: what was left of it, or a new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The flag that names the results, for messages.</param>
    /// <param name="header">Which sweep it is.</param>
    /// <exception cref="ConfigException">It is of another sweep, in use by another process, or cannot be written.</exception>
    public static SweepJournal Open(string path, string field, SweepHeader header)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            var journal = new SweepJournal(path, field, file, header);
            journal.Begin();
            return journal;
        }
        catch (ConfigException)
        {
            file!.Dispose();
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw Unusable(path, field, e);
        }
    }

    /// <summary>Whether a run has ended.</summary>
    /// <param name="index">Which of this part's, counted from 0.</param>
    public bool Has(long index) => Volatile.Read(ref _places[index]) > 0;

    /// <summary>Adds a run that has ended.</summary>
    /// <exception cref="ConfigException">It cannot be written, for example because the disk is full; those before are kept.</exception>
    public void Append(SweepRow row)
    {
        byte[] record = ResultRecord.Framed(ResultRecord.OfRow(row));
        lock (_lock)
        {
            try
            {
                _file.Position = _end;
                _file.Write(record);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) // the last where a file would grow too large
            {
                throw new ConfigException(new ConfigProblem(_field, Path, $"a file that can be written; here: {e.Message.Split(" (Parameter")[0].TrimEnd('.')}",
                    $"The {Done} of {Runs} runs that have ended are kept in it: make room, and the same command goes on from there."));
            }

            Add(row.Point, record.Length);
        }
    }

    /// <summary>All runs in the order of their points. All must have ended.</summary>
    /// <exception cref="ConfigException">The file cannot be read, or was changed meanwhile.</exception>
    public IEnumerable<SweepRow> Rows() => _places.Select(Read);

    /// <summary>Closes the journal and removes it, for its results are elsewhere.</summary>
    public void Delete()
    {
        _file.Dispose();
        File.Delete(Path);
    }

    /// <summary>Closes the journal; the file stays.</summary>
    public void Dispose() => _file.Dispose();

    private SweepRow Read(long place)
    {
        try
        {
            _file.Position = place;
            if (ResultRecord.ReadFramed(_file) is { } content)
            {
                return ResultRecord.Row(content);
            }
        }
        catch (IOException e)
        {
            throw Unusable(Path, _field, e);
        }

        throw new ConfigException(new ConfigProblem(_field, $"{Path} (changed while it was in use)", "a file that nobody else writes",
            "Run the same command again."));
    }

    private void Begin()
    {
        byte[] beginning = ResultFile.Beginning(_header);
        byte[] found = new byte[Math.Min(beginning.Length, _file.Length)];
        _file.ReadExactly(found);
        if (!beginning.AsSpan().StartsWith(found))
        {
            _file.Position = 0;
            throw OfAnother(ResultFile.ReadHeader(_file, _field, Path));
        }

        if (found.Length < beginning.Length)
        {
            _file.SetLength(0);
            _file.Write(beginning);
        }

        _end = beginning.Length;
        Scan();
        _file.SetLength(_end); // What a killed process had written only in part.
    }

    private void Scan()
    {
        _file.Position = _end;
        var reader = new BufferedStream(_file, ScanBytes); // Not disposed of, for that would close the file.
        while (ResultRecord.ReadFramed(reader) is { } content && _header.Shard.IndexOf(ResultRecord.Point(content)) is { } index && index < Runs)
        {
            Add(ResultRecord.Point(content), (int)(reader.Position - _end));
        }
    }

    private void Add(long point, int bytes)
    {
        ref long place = ref _places[_header.Shard.IndexOf(point)!.Value];
        Done += place == 0 ? 1 : 0;
        Volatile.Write(ref place, _end);
        _end += bytes;
    }

    private ConfigException OfAnother(SweepHeader found)
    {
        string what = found.Version != _header.Version ? $"the unfinished results of llmsim {found.Version}, while this is {_header.Version}"
            : found.Hash != _header.Hash ? "the unfinished results of another sweep: its file, scenario, flags or data differ from these"
            : $"the unfinished results of shard {found.Shard}";
        return new ConfigException(new ConfigProblem(_field, $"{Path} ({what})", "unfinished results of this very sweep",
            "Nothing was changed. Go on with that one, remove the file to begin anew, or name another --out."));
    }

    private static ConfigException Unusable(string path, string field, Exception e)
    {
        string why = e switch
        {
            DirectoryNotFoundException => "its folder does not exist",
            UnauthorizedAccessException => Directory.Exists(path) ? "it is a directory" : "permission denied",
            _ => e.Message.TrimEnd('.'),
        };
        bool isInUse = e is IOException && why.Contains("being used by another process", StringComparison.Ordinal);
        return new ConfigException(isInUse
            ? new ConfigProblem(field, $"{path} (in use by another sweep)", "one sweep at a time", "Wait for it to end, or name another --out.")
            : new ConfigProblem(field, path, $"a file that can be written; here: {why}", "Give a path in an existing folder that you may write to."));
    }
}
