using LlmSim.Metrics;

namespace LlmSim.Reporting.Parquet;

/// <summary>Writes one row per interval: the columns of <see cref="SeriesCsvSink"/>, times as seconds in 64-bit floating point.</summary>
internal sealed class SeriesParquetSink : SeriesSink
{
    private readonly ParquetColumn _time = new("time_s", isWhole: false);
    private readonly ParquetColumn _interval = new("interval_s", isWhole: false);
    private readonly ParquetColumn _arrivals = new("arrivals", isWhole: true);
    private readonly ParquetColumn _finished = new("finished", isWhole: true);
    private readonly ParquetColumn _waiting = new("waiting", isWhole: false);
    private readonly ParquetColumn _running = new("running", isWhole: false);
    private readonly ParquetColumn _kvUsage = new("kv_cache_usage", isWhole: false);
    private readonly ParquetColumn _tokens = new("output_tokens", isWhole: true);
    private readonly ParquetColumn _tokensPerSecond = new("output_tokens_per_s", isWhole: false);
    private readonly ParquetColumn _busy = new("busy", isWhole: false);
    private readonly ParquetFile _file;

    /// <summary>Starts a file. The caller keeps it and commits it after <see cref="Finish"/>.</summary>
    public SeriesParquetSink(AtomicFile file) => _file = new ParquetFile(
        file, _time, _interval, _arrivals, _finished, _waiting, _running, _kvUsage, _tokens, _tokensPerSecond, _busy);

    /// <inheritdoc />
    public override void Write(in SeriesRow row)
    {
        _time.Add(row.Start.Seconds);
        _interval.Add(row.Length.Seconds);
        _arrivals.Add(row.Arrivals);
        _finished.Add(row.Finished);
        _waiting.Add(row.Waiting);
        _running.Add(row.Running);
        _kvUsage.Add(row.KvUsage);
        _tokens.Add(row.OutputTokens);
        _tokensPerSecond.Add(row.OutputTokensPerSecond);
        _busy.Add(row.Busy);
        _file.EndRow();
    }

    /// <inheritdoc />
    public override void Finish() => _file.Finish();
}
