using LlmSim.Costs;
using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>How a batch is put together, how its prompts are shared out over steps, and what observers are told.</content>
internal sealed partial class BatchEngine
{
    // The oldest requests, up to the batch size, as far as their keys and values fit: each row is reserved its prompt and the
    // longest output, since it goes on as padding until the batch is done.
    private void Form(StepRecord? record)
    {
        _longest = 0;
        _inputTokens = 0;
        int reserved = 0;
        while (_count < Limits.BatchSize && _waiting.TryPeek(out InboundRequest next))
        {
            int longest = Math.Max(_longest, next.OutputTokens);
            int blocks = longest == _longest ? reserved : BlocksOfMembers(longest);
            blocks += _blocks.BlocksFor(next.InputTokens + (longest - 1L));
            if (blocks > _blocks.Free)
            {
                break;
            }

            (_longest, reserved) = (longest, blocks);
            _inputTokens += next.InputTokens;
            _byOutput[_count] = ((long)next.OutputTokens << 32) | (long)_count;
            _members[_count++] = new BatchMember { Request = _waiting.Dequeue(), ScheduledNs = Now.Nanoseconds };
            Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - next.ReadyNs, first: true);
            record?.AddAdmitted(next.Id, resumed: false);
        }

        _blocks.Take(reserved);
        Array.Sort(_byOutput, 0, _count);
        _prompts = _firstEnded = _computed = _done = 0;
        _token = 1;
    }

    private int BlocksOfMembers(int output)
    {
        int blocks = 0;
        for (int i = 0; i < _count; i++)
        {
            blocks += _blocks.BlocksFor(_members[i].Request.InputTokens + (output - 1L));
        }

        return blocks;
    }

    // Prompts in order of arrival, up to the token budget; the last one may be split where chunked prefill is on.
    private void AddPrompts(ref BatchShape shape, StepRecord? record)
    {
        _onTime = _firstEnded = _prompts;
        while (_prompts < _count && shape.Tokens < Limits.MaxNumBatchedTokens)
        {
            ref readonly InboundRequest request = ref _members[_prompts].Request;
            int left = request.InputTokens - _computed;
            int tokens = Math.Min(left, Limits.MaxNumBatchedTokens - shape.Tokens);
            if (tokens < left && !Limits.EnableChunkedPrefill)
            {
                break;
            }

            bool ends = tokens == left;
            shape.AddPrefill(tokens, _computed, ends);
            record?.AddScheduled(new ScheduledSequence(
                request.Id, tokens, _computed, IsPrefill: true, ends ? 1 : 0, ends && request.OutputTokens == 1));
            _computed = ends ? 0 : _computed + tokens;
            _prompts += ends ? 1 : 0;
        }
    }

    private void Record(StepRecord record, in BatchShape shape)
    {
        record.Running = _count;
        record.Waiting = _waiting.Count;
        record.FreeBlocks = _blocks.Free;
        for (int i = 0; i < _count && shape.DecodeSequences > 0; i++)
        {
            InboundRequest request = _members[i].Request;
            if (request.OutputTokens >= _token)
            {
                record.AddScheduled(new ScheduledSequence(
                    request.Id, 1, request.InputTokens + _token - 2, IsPrefill: false, _token, _token == request.OutputTokens));
            }
        }
    }
}
