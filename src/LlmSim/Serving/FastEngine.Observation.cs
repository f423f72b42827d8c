using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>The record of a step, written only when somebody observes: a walk over the running list.</content>
internal sealed partial class FastEngine
{
    // Called when the step is decided and no request has changed its state for it yet.
    private void Record(StepRecord record)
    {
        record.Running = _running.Count;
        record.Waiting = _waiting.Count;
        record.FreeBlocks = _blocks.Free;
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            ref Request request = ref _pool[slot];
            if (request.State == RequestState.Decoding)
            {
                if (request.Cohort != _cohorts.ReadyIndex)
                {
                    continue;
                }

                int left = (int)(request.FinishCall - _decodes.Call);
                record.AddScheduled(new ScheduledSequence(
                    request.Id, 1, (int)(request.ContextBase + _decodes.Call), false, request.OutputTokens - left, left == 0));
            }
            else if (request.State == RequestState.Prefilling && request.Chunk > 0)
            {
                bool ends = request.Computed == request.KnownTokens;
                int index = ends ? request.Emitted + 1 : 0;
                record.AddScheduled(new ScheduledSequence(
                    request.Id, request.Chunk, request.Computed - request.Chunk, true, index, index == request.OutputTokens));
            }
        }
    }
}
