using LlmSim.Reporting;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>
/// The files that a run writes. All are opened before the run, so that a bad path is known at once, and put in place
/// after it.
/// </summary>
internal sealed class RunFiles : IDisposable
{
    private const string StandardOutput = "-";

    private readonly AtomicFile? _json;
    private readonly AtomicFile? _requests;
    private readonly AtomicFile? _events;
    private RequestCsvSink? _rows;
    private EventLog? _log;

    /// <summary>Opens the files.</summary>
    /// <param name="json">Path for the result; null for none.</param>
    /// <param name="requests">Path for the requests; null for none.</param>
    /// <param name="events">Path for the events; null for none.</param>
    /// <exception cref="ConfigException">A path cannot be written, or two are the same; lists everything found.</exception>
    public RunFiles(string? json, string? requests, string? events)
    {
        (string Flag, string Path)[] given =
            [.. new[] { ("--json", json), ("--requests", requests), ("--events", events) }.Where(file => file.Item2 is not null)!];
        UsesStandardOutput = given.Any(file => file.Path == StandardOutput);
        var problems = new ProblemBox();
        problems.Try(() => CheckDifferent(given));
        _json = problems.Try(() => Open("--json", json));
        _requests = problems.Try(() => Open("--requests", requests));
        _events = problems.Try(() => Open("--events", events));
        try
        {
            problems.ThrowIfAny();
        }
        catch (ConfigException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether standard output is one of them, so that nothing else may be printed there.</summary>
    public bool UsesStandardOutput { get; }

    /// <summary>Has a simulator fill requests and events.</summary>
    public void Attach(LlmInferenceSimulator simulator)
    {
        if (_requests is not null)
        {
            simulator.Records = _rows = new RequestCsvSink(_requests);
        }

        if (_events is not null)
        {
            simulator.Observe(_log = new EventLog(_events));
        }
    }

    /// <summary>Puts all files in their places.</summary>
    /// <param name="result">Gives the result as JSON.</param>
    /// <exception cref="ConfigException">One cannot be written to its end; those not yet in place are left as they were.</exception>
    public void Commit(Func<byte[]> result)
    {
        _rows?.Flush();
        _log?.Dispose();
        _json?.Write(result());
        foreach (AtomicFile? file in new[] { _json, _requests, _events })
        {
            file?.Commit();
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _json?.Dispose();
        _requests?.Dispose();
        _events?.Dispose();
    }

    private static AtomicFile? Open(string flag, string? path) => path is null ? null : AtomicFile.Create(path, flag);

    private static void CheckDifferent((string Flag, string Path)[] given)
    {
        foreach (var same in given.GroupBy(file => file.Path == StandardOutput ? file.Path : Path.GetFullPath(file.Path)))
        {
            if (same.Count() > 1)
            {
                string flags = string.Join(" and ", same.Select(file => file.Flag));
                throw new ConfigException(new ConfigProblem(flags, same.First().Path, "a file each", "Give each its own path."));
            }
        }
    }
}
