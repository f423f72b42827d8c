using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <content>Admission: which waiting requests join the step, from the queue's head, while seats, budget and blocks last.</content>
internal sealed partial class FastEngine
{
    private void Admit(ref BatchShape shape, StepRecord? record)
    {
        if (Limits.FillsOnlyWhenEmpty && _running.Count > 0)
        {
            return;
        }

        while (_waiting.Count > 0 && _running.Count < Limits.MaxNumSeqs)
        {
            int slot = _waiting.First;
            Admission verdict = Judge(slot, Limits.MaxNumBatchedTokens - shape.Tokens, out int tokens, out PrefixHits hits);
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

            Start(slot, tokens, hits, ref shape, record);
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
    private Admission Judge(int slot, int budget, out int tokens, out PrefixHits hits)
    {
        int known = _pool[slot].KnownTokens;
        bool isSwapped = _pool[slot].State == RequestState.Swapped;
        hits = _pool[slot].IsCached && budget > 0 ? Find(slot) : default;
        int computed = hits.Blocks * Limits.BlockSize;
        tokens = isSwapped ? 1 : Chunk(known - computed);
        if (budget == 0 || _pool[slot].InFlightCall > AppliedCall)
        {
            return Admission.Stop;
        }

        if (!Limits.EnableChunkedPrefill && tokens > budget)
        {
            return Limits.UnchunkedAdmission == Specs.UnchunkedAdmission.SkipReversed ? Admission.Skip : Admission.Stop;
        }

        tokens = Fit(tokens, budget);
        int held = isSwapped ? known : TokensToTake(slot, computed + tokens);
        int needed = _blocks.BlocksFor(Limits.ReserveFullIsl ? Math.Max(known, held) : held) - hits.Blocks + hits.Free;
        bool fits = tokens > 0 && needed + Limits.WatermarkBlocks <= _blocks.Free;
        return fits ? Admission.Start : Admission.Stop;
    }

    // Tokens that an admitted request takes blocks for when so many are computed by its first step.
    private int TokensToTake(int slot, int computed) => Limits.Reservation switch
    {
        KvReservation.OnDemand => computed,
        KvReservation.Prompt => _pool[slot].KnownTokens,
        _ => _pool[slot].LongestTokens,
    };

    private void Start(int slot, int tokens, in PrefixHits hits, ref BatchShape shape, StepRecord? record)
    {
        ref Request request = ref _pool[slot];
        bool first = request.Preemptions == 0;
        if (first)
        {
            request.FirstScheduledNs = Now.Nanoseconds;
            _fair?.ChargeInput(request);
        }

        Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - request.WaitingSinceNs, first);
        int computed = hits.Blocks * Limits.BlockSize;
        record?.AddAdmitted(request.Id, !first, computed);
        _running.AddLast(slot);
        request.AdmissionOrder = _admissions++;
        if (request.State == RequestState.Swapped)
        {
            SwapIn(slot, ref shape);
            return;
        }

        if (_cache is not null)
        {
            Meter.LookedUp(request.KnownTokens, computed, first);
        }

        if (request.IsCached)
        {
            _cache!.Hold(slot, hits);
        }

        _blocks.Take(_blocks.BlocksFor(TokensToTake(slot, computed + tokens)) - hits.Blocks);
        request.State = RequestState.Prefilling;
        request.Computed = computed;
        request.Chunk = tokens;
        if (!Advance(slot, ref shape))
        {
            _prefills.Add(slot);
        }
    }
}
