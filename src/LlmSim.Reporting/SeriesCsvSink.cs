using LlmSim.Metrics;

namespace LlmSim.Reporting;

/// <summary>Writes one CSV row per interval. Times are seconds with all nine digits of a nanosecond.</summary>
internal sealed class SeriesCsvSink : SeriesSink
{
    private readonly CsvRows _rows;

    /// <summary>Starts a file with its header. The caller keeps the file and commits it after <see cref="Finish"/>.</summary>
    public SeriesCsvSink(AtomicFile file)
    {
        _rows = new CsvRows(file);
        file.Write("time_s,interval_s,arrivals,finished,waiting,running,kv_cache_usage,output_tokens,output_tokens_per_s,busy\n"u8);
    }

    /// <inheritdoc />
    public override void Write(in SeriesRow row)
    {
        _rows.Begin();
        _rows.Append(row.Start, ',');
        _rows.Append(row.Length, ',');
        _rows.Append(row.Arrivals, ',');
        _rows.Append(row.Finished, ',');
        _rows.Append(row.Waiting, ',');
        _rows.Append(row.Running, ',');
        _rows.Append(row.KvUsage, ',');
        _rows.Append(row.OutputTokens, ',');
        _rows.Append(row.OutputTokensPerSecond, ',');
        _rows.Append(row.Busy, '\n');
    }

    /// <inheritdoc />
    public override void Finish() => _rows.Flush();
}
