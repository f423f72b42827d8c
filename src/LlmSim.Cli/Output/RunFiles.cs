using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Reporting.Html;
using LlmSim.Reporting.Parquet;
using LlmSim.Reporting.Timeline;
using LlmSim.Simulation;
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
    private readonly AtomicFile? _benchJson;
    private readonly AtomicFile? _requests;
    private readonly AtomicFile? _series;
    private readonly AtomicFile? _events;
    private readonly AtomicFile? _timeline;
    private readonly AtomicFile? _report;
    private readonly SeriesThinner? _thinned;
    private FewRequests? _few;
    private readonly bool _requestsAreParquet;
    private readonly bool _seriesIsParquet;
    private RequestSink? _rows;
    private SeriesSink? _intervals;
    private EventLog? _log;
    private TimelineLog? _line;

    /// <summary>Opens the files.</summary>
    /// <param name="paths">Their paths.</param>
    /// <param name="keepsLevels">Whether <see cref="Levels"/> are wanted beside the files.</param>
    /// <exception cref="ConfigException">A path cannot be written, or two are the same; lists everything found.</exception>
    public RunFiles(RunPaths paths, bool keepsLevels = false)
    {
        (string Flag, string Path)[] given = paths.Given;
        _requestsAreParquet = IsParquet(paths.Requests);
        _seriesIsParquet = IsParquet(paths.Series);
        UsesStandardOutput = given.Any(file => file.Path == StandardOutput);
        var problems = new ProblemBox();
        problems.Try(() => DifferentFiles.Check(given));
        _json = problems.Try(() => Open("--json", paths.Json));
        _benchJson = problems.Try(() => Open("--bench-json", paths.BenchJson));
        _requests = problems.Try(() => Open("--requests", paths.Requests));
        _series = problems.Try(() => Open("--series", paths.Series));
        _events = problems.Try(() => Open("--events", paths.Events));
        _timeline = problems.Try(() => Open("--timeline", paths.Timeline));
        _report = problems.Try(() => Open("--report", paths.Report));
        _thinned = _report is null && !keepsLevels ? null : new SeriesThinner();
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

    /// <summary>The run in a few hundred intervals; empty unless they were asked for, or go into a page.</summary>
    public IReadOnlyList<SeriesRow> Levels => _thinned?.Rows ?? [];

    private AtomicFile?[] All => [_json, _benchJson, _requests, _series, _events, _timeline, _report];

    /// <summary>Has a simulator fill all but the results.</summary>
    /// <param name="simulator">The simulator.</param>
    /// <param name="interval">Length of the intervals of a series.</param>
    /// <param name="window">The part of the run in a timeline.</param>
    public void Attach(LlmInferenceSimulator simulator, SimTime interval, TimeWindow window)
    {
        simulator.MeasuresPeaks = _benchJson is not null;
        if (_series is not null)
        {
            _intervals = _seriesIsParquet ? new SeriesParquetSink(_series) : new SeriesCsvSink(_series);
        }

        if (_thinned is not null)
        {
            _intervals = _intervals is null ? _thinned : new SeriesPair(_intervals, _thinned);
        }

        simulator.Series = _intervals;
        simulator.SeriesInterval = interval;

        if (_requests is not null)
        {
            _rows = _requestsAreParquet ? new RequestParquetSink(_requests) : new RequestCsvSink(_requests);
        }

        if (_report is not null)
        {
            _rows = _few = new FewRequests(_rows);
        }

        simulator.Records = _rows;

        if (_events is not null)
        {
            simulator.Observe(_log = new EventLog(_events));
        }

        if (_timeline is not null)
        {
            simulator.Observe(_line = new TimelineLog(_timeline, window));
        }
    }

    /// <summary>What is missing in a file that was committed; null for nothing.</summary>
    public string? Note => _line switch
    {
        { CutAt: { } time } => $"--timeline ends at {time}, after {TimelineLog.MostEvents:N0} events; --timeline-window shows another part of the run.",
        { IsEmpty: true } => "--timeline is empty: the run ends before --timeline-window begins.",
        _ => null,
    };

    /// <summary>Puts all files in their places.</summary>
    /// <param name="result">Gives the result as JSON.</param>
    /// <param name="benchResult">Gives it in the shape of <c>vllm bench serve</c>.</param>
    /// <param name="report">Gives it as a page, with how the run went.</param>
    /// <exception cref="ConfigException">One cannot be written to its end; those not yet in place are left as they were.</exception>
    public void Commit(Func<byte[]> result, Func<byte[]> benchResult, Func<RunCourse, byte[]> report)
    {
        _rows?.Finish();
        _intervals?.Finish();
        _log?.Dispose();
        _line?.Finish();
        _json?.Write(result());
        _benchJson?.Write(benchResult());
        _report?.Write(report(new RunCourse(Levels, _few!.Records)));
        foreach (AtomicFile? file in All)
        {
            file?.Commit();
        }
    }

    public void Dispose()
    {
        _log?.Dispose();
        _line?.Dispose();
        foreach (AtomicFile? file in All)
        {
            file?.Dispose();
        }
    }

    private static bool IsParquet(string? path) => Path.GetExtension(path ?? "").Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    private static AtomicFile? Open(string flag, string? path) => path is null ? null : AtomicFile.Create(path, flag);
}
