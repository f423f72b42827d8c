using System.Text.Json;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Reporting;

/// <summary>Writes the stages of every request as JSON lines, in order of time: <c>{"time_s":…,"event":"TokenEmitted",…}</c>.</summary>
/// <param name="output">Where to; it stays open.</param>
public sealed class EventLog(Stream output) : SimulationObserver, IDisposable
{
    private const int FlushBytes = 1 << 16;

    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter _json = new(Stream.Null);

    /// <inheritdoc />
    public override SimulationEvents Interests => SimulationEvents.All & ~SimulationEvents.BatchFormed;

    /// <inheritdoc />
    public override void Handle(in RequestArrived e)
    {
        Begin(nameof(RequestArrived), e.Time, e.RequestId);
        _json.WriteNumber("input_tokens", e.InputTokens);
        _json.WriteNumber("output_tokens", e.OutputTokens);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestTokenized e)
    {
        Begin(nameof(RequestTokenized), e.Time, e.RequestId);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestScheduled e)
    {
        Begin(nameof(RequestScheduled), e.Time, e.RequestId);
        _json.WriteBoolean("resumed", e.Resumed);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in PrefillStarted e)
    {
        Begin(nameof(PrefillStarted), e.Time, e.RequestId);
        _json.WriteNumber("tokens", e.Tokens);
        _json.WriteNumber("context", e.Context);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in PrefillFinished e)
    {
        Begin(nameof(PrefillFinished), e.Time, e.RequestId);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in DecodeStepStarted e) => WriteStep(nameof(DecodeStepStarted), e.Time, e.Step, e.Sequences);

    /// <inheritdoc />
    public override void Handle(in DecodeStepFinished e) => WriteStep(nameof(DecodeStepFinished), e.Time, e.Step, e.Sequences);

    /// <inheritdoc />
    public override void Handle(in TokenEmitted e)
    {
        Begin(nameof(TokenEmitted), e.Time, e.RequestId);
        _json.WriteNumber("index", e.Index);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestPreempted e)
    {
        Begin(nameof(RequestPreempted), e.Time, e.RequestId);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestFinished e)
    {
        Begin(nameof(RequestFinished), e.Time, e.RequestId);
        _json.WriteNumber("output_tokens", e.OutputTokens);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestRejected e)
    {
        Begin(nameof(RequestRejected), e.Time, e.RequestId);
        _json.WriteString("reason", e.Reason);
        End();
    }

    /// <inheritdoc />
    public override void Handle(in RequestAborted e)
    {
        Begin(nameof(RequestAborted), e.Time, e.RequestId);
        _json.WriteNumber("output_tokens", e.OutputTokens);
        End();
    }

    /// <summary>Writes what is still buffered.</summary>
    public void Dispose()
    {
        if (!_buffer.CanWrite)
        {
            return; // Disposed before.
        }

        Flush();
        _json.Dispose();
        _buffer.Dispose();
    }

    private void WriteStep(string name, SimTime time, long step, int sequences)
    {
        Begin(name, time);
        _json.WriteNumber("step", step);
        _json.WriteNumber("sequences", sequences);
        End();
    }

    private void Begin(string name, SimTime time, long? requestId = null)
    {
        _json.Reset(_buffer);
        _json.WriteStartObject();

        // Nanoseconds fit a decimal exactly; a double would round late ones.
        _json.WriteNumber("time_s", time.Nanoseconds / 1_000_000_000m);
        _json.WriteString("event", name);
        if (requestId is { } id)
        {
            _json.WriteNumber("request_id", id);
        }
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.WriteByte((byte)'\n');
        if (_buffer.Length >= FlushBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _buffer.WriteTo(output);
        _buffer.SetLength(0);
    }
}
