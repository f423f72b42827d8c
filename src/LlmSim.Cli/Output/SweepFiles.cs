using LlmSim.Planning.Sweeps;
using LlmSim.Reporting;
using LlmSim.Reporting.Html;
using LlmSim.Reporting.Sweeps;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The files that a sweep writes at its end, whole or not at all.</summary>
internal sealed class SweepFiles
{
    private const string OutFlag = "--out";
    private const string ReportFlag = "--report";
    private const string Csv = ".csv";
    private const string Parquet = ".parquet";

    private readonly string? _report;
    private readonly bool _isShard;

    /// <summary>Sees to it that they can be written.</summary>
    /// <param name="path">The results.</param>
    /// <param name="report">The page; null for none.</param>
    /// <param name="isShard">Whether the results are those of a part of a sweep.</param>
    /// <exception cref="ConfigException">A name is missing, not usable or given twice; lists everything found.</exception>
    public SweepFiles(string? path, string? report, bool isShard)
    {
        Out = path ?? "";
        _report = report;
        _isShard = isShard;
        var problems = new ProblemBox();
        problems.Try(CheckOut);
        problems.Try(CheckReport);
        problems.ThrowIfAny();
    }

    /// <summary>The results.</summary>
    public string Out { get; }

    private bool IsParquet => Path.GetExtension(Out).Equals(Parquet, StringComparison.OrdinalIgnoreCase);

    private bool IsTable => IsParquet || Path.GetExtension(Out).Equals(Csv, StringComparison.OrdinalIgnoreCase);

    /// <summary>Writes them.</summary>
    /// <param name="header">Which sweep it is.</param>
    /// <param name="rows">Its rows, in the order of their points.</param>
    /// <exception cref="ConfigException">A row cannot be read, or a file not be written to its end; no file is changed then.</exception>
    public SweepTotals Write(SweepHeader header, IEnumerable<SweepRow> rows)
    {
        var totals = new SweepTotals();
        using AtomicFile file = AtomicFile.Create(Out, OutFlag);
        using AtomicFile? page = _report is null ? null : AtomicFile.Create(_report, ReportFlag);
        SweepSample? sample = page is null ? null : new SweepSample(header.Grid.Count);
        SweepSink sink = _isShard ? new ShardSink(file, header) : IsParquet ? new SweepParquetSink(file, header) : new SweepCsvSink(file, header);
        foreach (SweepRow row in rows)
        {
            sink.Write(row);
            totals.Write(row);
            sample?.Write(row);
        }

        sink.Finish();
        page?.Write(SweepHtml.ToUtf8(header, sample!, totals));
        file.Commit();
        page?.Commit();
        return totals;
    }

    private void CheckOut()
    {
        if (Out.Length == 0)
        {
            throw new ConfigException(new ConfigProblem(OutFlag, "nothing", "the file of the results", "Write for example --out results.csv."));
        }

        if (Out == "-" || Path.GetFullPath(Out).StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw new ConfigException(new ConfigProblem(OutFlag, Out, "a file, beside which results are kept until all are there", "Write for example --out results.csv."));
        }

        if (IsTable == _isShard)
        {
            throw new ConfigException(_isShard
                ? new ConfigProblem(OutFlag, Out, "a name other than .csv or .parquet, with --shard: a part is no table until it is merged",
                    "Write for example --out part1.shard, and give all parts to llmsim merge.")
                : new ConfigProblem(OutFlag, Out, "a name that ends in .csv or .parquet", "Write for example --out results.csv."));
        }

        AtomicFile.Create(Out, OutFlag).Dispose(); // What cannot be written is told before hours of simulation.
    }

    private void CheckReport()
    {
        if (_report is null)
        {
            return;
        }

        if (_isShard)
        {
            throw new ConfigException(new ConfigProblem(ReportFlag, _report, "only of a whole sweep", "Give it to llmsim merge instead."));
        }

        if (Out.Length > 0 && _report != "-")
        {
            DifferentFiles.Check([(OutFlag, Out), (ReportFlag, _report)]);
        }

        AtomicFile.Create(_report, ReportFlag).Dispose();
    }
}
