using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Reporting.Parquet;

/// <summary>Writes one row per finished request: the columns of <see cref="RequestCsvSink"/>, times as seconds in 64-bit floating point.</summary>
internal sealed class RequestParquetSink : RequestSink
{
    private readonly ParquetColumn _id = new("request_id", isWhole: true);
    private readonly ParquetColumn _arrival = new("arrival_s", isWhole: false);
    private readonly ParquetColumn _inputTokens = new("input_tokens", isWhole: true);
    private readonly ParquetColumn _outputTokens = new("output_tokens", isWhole: true);
    private readonly ParquetColumn _ready = new("ready_s", isWhole: false);
    private readonly ParquetColumn _scheduled = new("scheduled_s", isWhole: false);
    private readonly ParquetColumn _firstToken = new("first_token_s", isWhole: false);
    private readonly ParquetColumn _finish = new("finish_s", isWhole: false);
    private readonly ParquetColumn _ttft = new("ttft_s", isWhole: false);
    private readonly ParquetColumn _tpot = new("tpot_s", isWhole: false, isOptional: true);
    private readonly ParquetColumn _e2e = new("e2e_s", isWhole: false);
    private readonly ParquetColumn _queue = new("queue_s", isWhole: false);
    private readonly ParquetColumn _preemptions = new("preemptions", isWhole: true);
    private readonly ParquetFile _file;

    /// <summary>Starts a file. The caller keeps it and commits it after <see cref="Finish"/>.</summary>
    public RequestParquetSink(AtomicFile file) => _file = new ParquetFile(
        file, _id, _arrival, _inputTokens, _outputTokens, _ready, _scheduled, _firstToken, _finish, _ttft, _tpot, _e2e, _queue, _preemptions);

    /// <inheritdoc />
    public override void Write(in RequestRecord record)
    {
        _id.Add(record.Id);
        _arrival.Add(record.Arrival.Seconds);
        _inputTokens.Add((long)record.InputTokens);
        _outputTokens.Add((long)record.OutputTokens);
        _ready.Add(record.Ready.Seconds);
        _scheduled.Add(record.Scheduled.Seconds);
        _firstToken.Add(record.FirstToken.Seconds);
        _finish.Add(record.Finish.Seconds);
        _ttft.Add((record.FirstToken - record.Arrival).Seconds);
        if (record.OutputTokens > 1)
        {
            _tpot.Add(new SimTime((record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1)).Seconds);
        }
        else
        {
            _tpot.AddMissing();
        }

        _e2e.Add((record.Finish - record.Arrival).Seconds);
        _queue.Add((record.Scheduled - record.Ready).Seconds);
        _preemptions.Add((long)record.Preemptions);
        _file.EndRow();
    }

    /// <inheritdoc />
    public override void Finish() => _file.Finish();
}
