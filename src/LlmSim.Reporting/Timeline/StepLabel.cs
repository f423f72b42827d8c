using System.Text.Json;
using LlmSim.Serving.Events;

namespace LlmSim.Reporting.Timeline;

/// <summary>What a step's slice says: <c>prefill 1 × 512</c>, <c>decode 23</c>, <c>mixed 2, 700 tokens + 23</c>.</summary>
internal readonly struct StepLabel
{
    private readonly StepRecord _step;
    private readonly int _chunks;
    private readonly long _prefillTokens;
    private readonly long _contextTokens;
    private readonly bool _areEqual;

    /// <summary>Walks over a step's sequences.</summary>
    public StepLabel(StepRecord step)
    {
        _step = step;
        _areEqual = true;
        int first = 0;
        foreach (ScheduledSequence sequence in step.Scheduled)
        {
            _contextTokens += sequence.Context;
            if (sequence.IsPrefill)
            {
                first = _chunks++ == 0 ? sequence.Tokens : first;
                _areEqual &= sequence.Tokens == first;
                _prefillTokens += sequence.Tokens;
            }
        }
    }

    /// <summary>New tokens in the step.</summary>
    public long Tokens => _prefillTokens + _step.DecodeSequences;

    /// <summary>The kind of step: prefill, decode or mixed.</summary>
    public string Category => _chunks == 0 ? "decode" : _step.DecodeSequences == 0 ? "prefill" : "mixed";

    /// <summary>The kind of step, and how much is in it.</summary>
    public string Name => Category switch
    {
        "decode" => $"decode {_step.DecodeSequences}",
        "prefill" => $"prefill {Chunks}",
        _ => $"mixed {Chunks} + {_step.DecodeSequences}",
    };

    private string Chunks => _areEqual ? $"{_chunks} × {_prefillTokens / _chunks}" : $"{_chunks}, {_prefillTokens} tokens";

    /// <summary>Writes what viewers show of a slice that is chosen; leaves the object open.</summary>
    public void WriteArgs(Utf8JsonWriter json)
    {
        json.WriteStartObject("args");
        json.WriteNumber("step", _step.Number);
        json.WriteNumber("prefill_tokens", _prefillTokens);
        json.WriteNumber("decode_sequences", _step.DecodeSequences);
        json.WriteNumber("context_tokens", _contextTokens);
        json.WriteNumber("waiting", _step.Waiting);
        json.WriteNumber("running", _step.Running);
        json.WriteNumber("free_kv_blocks", _step.FreeBlocks);
    }
}
