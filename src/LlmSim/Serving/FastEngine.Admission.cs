using LlmSim.Costs;
using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>Admission: which waiting requests join the step, from the queue's head, while seats, budget and blocks last.</content>
internal sealed partial class FastEngine
{
    private void Admit(ref BatchShape shape, StepRecord? record)
    {
        while (_waiting.Count > 0 && _running.Count < Limits.MaxNumSeqs)
        {
            int slot = _waiting.First;
            Admission verdict = Judge(slot, Limits.MaxNumBatchedTokens - shape.Tokens, out int tokens);
            if (verdict == Admission.Stop)
            {
                break;
            }

            _waiting.Remove(slot);
            if (verdict == Admission.Skip)
            {
                _skipped.Add(slot);
                continue;
            }

            Start(slot, tokens, ref shape, record);
        }

        foreach (int slot in _skipped)
        {
            _waiting.PutBack(slot);
        }

        _skipped.Clear();
    }

    private enum Admission
    {
        Stop,
        Skip,
        Start,
    }

    // What becomes of a waiting request when this much of the token budget is left.
    private Admission Judge(int slot, int budget, out int tokens)
    {
        int known = _pool[slot].KnownTokens;
        bool isSwapped = _pool[slot].State == RequestState.Swapped;
        tokens = isSwapped ? 1 : Chunk(known);
        if (budget == 0 || _pool[slot].InFlightCall > AppliedCall)
        {
            return Admission.Stop;
        }

        if (!Limits.EnableChunkedPrefill && tokens > budget)
        {
            return Limits.UnchunkedAdmission == Specs.UnchunkedAdmission.SkipReversed ? Admission.Skip : Admission.Stop;
        }

        tokens = Math.Min(tokens, budget);
        bool fits = _blocks.BlocksFor(Limits.ReserveFullIsl || isSwapped ? known : tokens) <= _blocks.Free;
        return fits ? Admission.Start : Admission.Stop;
    }

    private void Start(int slot, int tokens, ref BatchShape shape, StepRecord? record)
    {
        ref Request request = ref _pool[slot];
        bool first = request.Preemptions == 0;
        if (first)
        {
            request.FirstScheduledNs = Now.Nanoseconds;
        }

        Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - request.WaitingSinceNs, first);
        record?.AddAdmitted(request.Id, !first);
        _running.AddLast(slot);
        request.AdmissionOrder = _admissions++;
        if (request.State == RequestState.Swapped)
        {
            SwapIn(slot, ref shape);
            return;
        }

        _blocks.Take(_blocks.BlocksFor(tokens));
        request.State = RequestState.Prefilling;
        request.Computed = 0;
        request.Chunk = tokens;
        if (!Advance(slot, ref shape))
        {
            _prefills.Add(slot);
        }
    }
}
