using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Reporting;

/// <summary>
/// Writes one CSV row per finished request, in order of finishing. Times are seconds with all nine digits of a nanosecond;
/// <c>tpot_s</c> is empty for a request of one token.
/// </summary>
internal sealed class RequestCsvSink : RequestSink
{
    private readonly CsvRows _rows;

    /// <summary>Starts a file with its header. The caller keeps the file and commits it after <see cref="Finish"/>.</summary>
    public RequestCsvSink(AtomicFile file)
    {
        _rows = new CsvRows(file);
        file.Write("request_id,arrival_s,input_tokens,output_tokens,ready_s,scheduled_s,first_token_s,finish_s,"u8);
        file.Write("ttft_s,tpot_s,e2e_s,queue_s,preemptions\n"u8);
    }

    /// <inheritdoc />
    public override void Write(in RequestRecord record)
    {
        _rows.Begin();
        _rows.Append(record.Id, ',');
        _rows.Append(record.Arrival, ',');
        _rows.Append(record.InputTokens, ',');
        _rows.Append(record.OutputTokens, ',');
        _rows.Append(record.Ready, ',');
        _rows.Append(record.Scheduled, ',');
        _rows.Append(record.FirstToken, ',');
        _rows.Append(record.Finish, ',');
        _rows.Append(record.FirstToken - record.Arrival, ',');
        if (record.OutputTokens > 1)
        {
            _rows.Append(new SimTime((record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1)), ',');
        }
        else
        {
            _rows.Append(',');
        }

        _rows.Append(record.Finish - record.Arrival, ',');
        _rows.Append(record.Scheduled - record.Ready, ',');
        _rows.Append(record.Preemptions, '\n');
    }

    /// <inheritdoc />
    public override void Finish() => _rows.Flush();
}
