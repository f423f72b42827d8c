using LlmSim.Costs;
using LlmSim.Serving.Events;

namespace LlmSim.Serving.Sglang;

/// <content>A decode step of all running requests, and what is done when it finds no memory.</content>
internal sealed partial class FastSglangEngine
{
    private readonly List<(int Slot, int Known, int Place)> _ranked = [];

    private bool TryDecode(FastSglangStep step, ref BatchShape shape, StepRecord? record)
    {
        int before = _running.Count;
        if (before == 0)
        {
            return false;
        }

        FilterDone();
        if (_running.Count == 0)
        {
            _isFull = false;
            return false;
        }

        int needed = _decodes.NewBlocks(_decodes.Call) * _page;
        int estimate = _page == 1 ? needed : Estimate();
        _memory.EvictFor(estimate);
        if (estimate <= _memory.Free && needed <= _memory.Available)
        {
            _ratio.Decay();
        }
        else
        {
            Retract(estimate, needed, record);
        }

        _isFull &= _running.Count == before;
        Decode(step, ref shape);
        return true;
    }

    // The running batch decodes in this step, for which there is memory.
    private void Decode(FastSglangStep step, ref BatchShape shape)
    {
        long call = _decodes.Call;
        _memory.EvictFor(_running.Count * _page);
        _memory.Take(_decodes.NewBlocks(call) * _page);
        shape.AddDecode(_running.Count, _decodes.Context(call), _decodes.Squares(call));
        step.Decodes = true;
        step.Silent = _lastTokens;
        step.Late.AddRange(_late);
        _late.Clear();
        NameFinishers(step, call);
        _decodes.Call++;
    }

    private void NameFinishers(FastSglangStep step, long call)
    {
        _decodes.NameFinishers(call, step.Finishers);
        foreach (int slot in step.Finishers)
        {
            _pool[slot].State = RequestState.Finishing;
        }

        _lastTokens += step.Finishers.Count;
        SortByPlace(step.Finishers);
    }

    // Insertion sort: nearly always one request, or several already in order.
    private void SortByPlace(List<int> slots)
    {
        for (int i = 1; i < slots.Count; i++)
        {
            int slot = slots[i];
            long place = _pool[slot].AdmissionOrder;
            int j = i;
            for (; j > 0 && _pool[slots[j - 1]].AdmissionOrder > place; j--)
            {
                slots[j] = slots[j - 1];
            }

            slots[j] = slot;
        }
    }

    // The tokens that SGLang thinks it needs. The overlap loop takes the token in flight for granted, and is wrong where there is none.
    private int Estimate()
    {
        long call = _decodes.Call;
        if (!_overlaps || _latest is { Decodes: true })
        {
            return _decodes.NewBlocks(call) * _page;
        }

        int blocks = _decodes.NewBlocks(call + 1);
        foreach (int slot in _joined)
        {
            blocks += Needs(slot, call) - Needs(slot, call + 1);
        }

        return blocks * _page;
    }

    private int Needs(int slot, long call) => _decodes.NeedsBlock(_pool[slot].ContextBase, call) ? 1 : 0;

    // Throws out who has the least output, then the longest prompt, until the others find memory: at least one, never the last.
    private void Retract(int estimate, int needed, StepRecord? record)
    {
        _ranked.Clear();
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            _ranked.Add((slot, Known(slot), _ranked.Count));
        }

        _ranked.Sort((a, b) => a.Known != b.Known ? b.Known.CompareTo(a.Known)
            : _pool[a.Slot].InputTokens != _pool[b.Slot].InputTokens ? _pool[a.Slot].InputTokens.CompareTo(_pool[b.Slot].InputTokens)
            : a.Place.CompareTo(b.Place));
        long call = _decodes.Call;
        int kept = _ranked.Count;
        bool finds = false;
        while (kept > 1 && !finds)
        {
            int victim = _ranked[--kept].Slot;
            needed -= Needs(victim, call) * _page;
            estimate -= Needs(victim, IsInFlight(victim) || !_overlaps ? call : call + 1) * _page;
            ThrowOutRunning(victim, kept, record);
            _memory.EvictFor(estimate);
            finds = estimate <= _memory.Free && needed <= _memory.Available;
        }

        // The last one may be out of memory for a prompt that is half computed. SGLang would die; that prompt starts anew instead.
        int chunked = _chunked;
        if (!finds && chunked >= 0)
        {
            ThrowOut(chunked, _shares[chunked].Filled, kept, record);
            _chunked = -1;
        }

        long output = 0;
        long limits = 0;
        for (int i = 0; i < kept; i++)
        {
            (int slot, int known, _) = _ranked[i];
            _running.Remove(slot);
            _running.AddLast(slot);
            _pool[slot].AdmissionOrder = _lastPlace++;
            output += known;
            limits += _shares[slot].MaxNewTokens;
        }

        _ratio.Retract(kept, output, limits);
        for (int i = _ranked.Count - 1; i >= kept; i--)
        {
            Join(_ranked[i].Slot);
        }

        if (_chunked != chunked)
        {
            Join(chunked);
        }
    }

    // A running request leaves the batch; what is in flight of it is dropped.
    private void ThrowOutRunning(int slot, int requestsLeft, StepRecord? record)
    {
        ref Request request = ref _pool[slot];
        bool isInFlight = IsInFlight(slot);
        long applied = _decodes.Call - (_overlaps && _latest is { Decodes: true } ? 2 : 1);
        request.LastTokenNs = _shares[slot].JoinCall <= applied ? _appliedDecodeEndNs : request.LastTokenNs;
        int computed = (int)(request.ContextBase + _decodes.Call);
        int known = Known(slot);
        if (isInFlight)
        {
            DropInFlight(slot);
        }

        _late.Remove(slot);
        Reserve(slot, -1);
        if (request.State == RequestState.Decoding)
        {
            _decodes.Leave(slot);
        }
        else
        {
            _decodes.LeaveLast(slot);
            _lastTokens--;
        }

        request.Emitted = known;
        _running.Remove(slot);
        ThrowOut(slot, computed, requestsLeft, record);
    }

    private void DropInFlight(int slot)
    {
        FastSglangStep latest = _latest!;
        latest.Dropped.Add(_pool[slot].Id);
        if (_shares[slot].JoinTurn == Call)
        {
            latest.Prefills[latest.Prefills.IndexOf(slot)] = -1;
        }
        else
        {
            latest.Silent++;
            latest.Late.Remove(slot);
            latest.Finishers.Remove(slot);
        }
    }

    private void ThrowOut(int slot, int computed, int requestsLeft, StepRecord? record)
    {
        ref Request request = ref _pool[slot];
        DropMemory(slot, computed);
        _memory.EvictFor(NewTokenRatio.TokensAhead(requestsLeft));
        request.Preemptions++;
        request.WaitingSinceNs = Now.Nanoseconds;
        Meter.Preempted(Now.Nanoseconds);
        record?.AddPreempted(request.Id);
    }
}
