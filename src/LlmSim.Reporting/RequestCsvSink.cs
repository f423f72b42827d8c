using System.Globalization;
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
    private const int LongestRow = 400;

    private readonly AtomicFile _file;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _length;

    /// <summary>Starts a file with its header. The caller keeps the file and commits it after <see cref="Flush"/>.</summary>
    public RequestCsvSink(AtomicFile file)
    {
        _file = file;
        file.Write("request_id,arrival_s,input_tokens,output_tokens,ready_s,scheduled_s,first_token_s,finish_s,"u8);
        file.Write("ttft_s,tpot_s,e2e_s,queue_s,preemptions\n"u8);
    }

    /// <inheritdoc />
    public override void Write(in RequestRecord record)
    {
        if (_buffer.Length - _length < LongestRow)
        {
            Flush();
        }

        Append(record.Id, ',');
        Append(record.Arrival, ',');
        Append(record.InputTokens, ',');
        Append(record.OutputTokens, ',');
        Append(record.Ready, ',');
        Append(record.Scheduled, ',');
        Append(record.FirstToken, ',');
        Append(record.Finish, ',');
        Append(record.FirstToken - record.Arrival, ',');
        if (record.OutputTokens > 1)
        {
            Append(new SimTime((record.Finish - record.FirstToken).Nanoseconds / (record.OutputTokens - 1)), ',');
        }
        else
        {
            _buffer[_length++] = (byte)',';
        }

        Append(record.Finish - record.Arrival, ',');
        Append(record.Scheduled - record.Ready, ',');
        Append(record.Preemptions, '\n');
    }

    /// <summary>Hands what is buffered to the file.</summary>
    public void Flush()
    {
        _file.Write(_buffer.AsSpan(0, _length));
        _length = 0;
    }

    private void Append(long value, char end)
    {
        value.TryFormat(_buffer.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
        _length += written;
        _buffer[_length++] = (byte)end;
    }

    private void Append(SimTime time, char end)
    {
        (long seconds, long fraction) = Math.DivRem(time.Nanoseconds, 1_000_000_000);
        Append(seconds, '.');
        for (int digit = 8; digit >= 0; digit--)
        {
            _buffer[_length + digit] = (byte)('0' + fraction % 10);
            fraction /= 10;
        }

        _length += 9;
        _buffer[_length++] = (byte)end;
    }
}
