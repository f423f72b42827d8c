using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Specs;

namespace LlmSim.Serving.Sglang;

/// <content>Prefill goes first: a step of prompts, with running requests beside them only with mixed chunks.</content>
internal sealed partial class FastSglangEngine
{
    private readonly List<int> _preempted = [];

    private bool TryPrefill(FastSglangStep step, ref BatchShape shape, StepRecord? record)
    {
        _isFull &= !_sglang.EnablePriorityScheduling;
        if ((_isFull || _waiting.Count == 0) && _chunked < 0)
        {
            return false;
        }

        if (_running.Count >= Limits.MaxNumSeqs && _chunked < 0 && !_sglang.EnablePriorityScheduling)
        {
            _isFull = true;
            return false;
        }

        SortQueue();
        BeginPass();
        int continued = _chunked;
        bool ends = true;
        if (continued >= 0)
        {
            ref SglangShare share = ref _shares[continued];
            share.Extend = _pool[continued].KnownTokens - share.Prefix;
            if (!TryContinue(continued, step, out ends))
            {
                return false; // SGLang goes on with no tokens or fewer: a fault of its own. Here it waits.
            }
        }

        TakeWaiting(step, record);
        foreach (int slot in _preempted)
        {
            Join(slot);
        }

        _preempted.Clear();
        if (step.Prefills.Count == 0)
        {
            return false;
        }

        _chunked = ends ? step.Open : continued;
        step.Open = _chunked;
        Admit(step, continued, ref shape, record);
        Mix(step, ref shape);
        return true;
    }

    private void TakeWaiting(FastSglangStep step, StepRecord? record)
    {
        for (int slot = _waiting.First; slot >= 0; slot = _waiting.First)
        {
            _isFull |= step.Prefills.Count >= Limits.MaxNumSeqs - _running.Count;
            if (_isFull && !(_sglang.EnablePriorityScheduling && TryPreemptFor(slot, record)))
            {
                return;
            }

            ref SglangShare share = ref _shares[slot];
            int known = _pool[slot].KnownTokens;
            RadixNode? node = null;
            share.Prefix = share.Path is null ? 0 : _tree!.Match(share.Path, known - 1, out node);
            share.Node = node;
            share.Extend = known - share.Prefix;
            int taken = step.Prefills.Count;
            PrefillVerdict verdict = TryTake(slot, step);
            if (step.Prefills.Count > taken)
            {
                _waiting.Remove(slot);
            }

            if (verdict != PrefillVerdict.Continue)
            {
                _isFull |= verdict == PrefillVerdict.NoMemory;
                return;
            }
        }
    }

    // Throws out running requests that are less urgent by more than the threshold, the least urgent and latest first.
    private bool TryPreemptFor(int slot, StepRecord? record)
    {
        BeExact();
        long urgency = _pool[slot].Key;
        double missing = _shares[slot].Extend + Math.Min(_shares[slot].MaxNewTokens, SglangLimits.ClipMaxNewTokens) - Left(0);
        var running = new List<int>();
        for (int other = _running.First; other >= 0; other = _pool[other].Next)
        {
            running.Add(other);
        }

        var victims = new List<int>();
        foreach (int victim in running.OrderBy(r => _pool[r].Key).ThenByDescending(r => _shares[r].QueueEntry))
        {
            // SGLang dies of choosing one that has finished.
            if (urgency - _pool[victim].Key > _sglang.PriorityPreemptionThreshold && _pool[victim].State != RequestState.Finished)
            {
                victims.Add(victim);
                missing -= ReservedFor(victim);
                if (missing <= 0 && !_sglang.HasOldPreemption)
                {
                    break;
                }
            }
        }

        if (victims.Count == 0 || missing > 0)
        {
            return false;
        }

        // Until 0.5.5 the newcomer's reservation is given back in place of the victim's.
        double newcomers = Math.Min(_shares[slot].MaxNewTokens - _pool[slot].Emitted, SglangLimits.ClipMaxNewTokens) * _ratio.Value;
        int left = running.Count;
        foreach (int victim in running.Where(victims.Contains))
        {
            GiveBack(_sglang.HasOldPreemption ? newcomers : ReservedFor(victim));
            ThrowOutRunning(victim, --left, null);
        }

        _preempted.AddRange(victims);
        victims.ForEach(victim => record?.AddPreempted(_pool[victim].Id));
        return true;
    }

    private void Admit(FastSglangStep step, int continued, ref BatchShape shape, StepRecord? record)
    {
        int pages = 0;
        int tokens = 0;
        foreach (int slot in step.Prefills)
        {
            ref SglangShare share = ref _shares[slot];
            pages += _memory.Pages(share.Filled) - _memory.Pages(share.Prefix);
            tokens += share.Extend;
        }

        _memory.EvictFor(_page == 1 ? pages : tokens + (step.Prefills.Count * _page));
        _memory.Take(pages);
        foreach (int slot in step.Prefills)
        {
            ref Request request = ref _pool[slot];
            ref SglangShare share = ref _shares[slot];
            request.State = RequestState.Prefilling;
            shape.AddPrefill(share.Extend, share.Prefix, slot != step.Open);
            if (slot == continued)
            {
                continue;
            }

            bool first = request.Preemptions == 0;
            request.FirstScheduledNs = first ? Now.Nanoseconds : request.FirstScheduledNs;
            if (_tree is not null)
            {
                Meter.LookedUp(request.KnownTokens, share.Prefix, first);
            }

            Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - request.WaitingSinceNs, first);
            record?.AddAdmitted(request.Id, !first, share.Prefix);
        }
    }

    private void Mix(FastSglangStep step, ref BatchShape shape)
    {
        if (!_sglang.IsMixed || _running.Count == 0)
        {
            return;
        }

        FilterDone();

        // Without memory for all of them SGLang would die here; they sit this step out instead.
        if (_running.Count > 0 && _decodes.NewBlocks(_decodes.Call) * _page <= _memory.Available)
        {
            for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
            {
                _shares[slot].Filled = _pool[slot].InputTokens + Known(slot);
            }

            Decode(step, ref shape);
        }
    }

    // First come, first served is no work; matching prefixes has its effects on the tree even for one request.
    private void SortQueue()
    {
        bool byPrefix = _tree is not null && _sglang.Policy is (SglangPolicy.Lpm or SglangPolicy.DfsWeight);
        bool isSorted = _sglang.EnablePriorityScheduling || _sglang.Policy == SglangPolicy.Lof;
        if (byPrefix || (isSorted && _waiting.Count > 1))
        {
            Sort(byPrefix, _sglang.EnablePriorityScheduling);
        }
    }

    private void Sort(bool byPrefix, bool byPriority)
    {
        var queue = new List<int>();
        for (int slot = _waiting.First; slot >= 0; slot = _pool[slot].Next)
        {
            queue.Add(slot);
        }

        IEnumerable<int> sorted = _sglang.Policy switch
        {
            SglangPolicy.Lof => queue.OrderByDescending(r => byPriority ? _pool[r].Key : 0).ThenByDescending(r => _shares[r].MaxNewTokens),
            SglangPolicy.Lpm when byPrefix => PrefixOrder.ByPrefix(_tree!, queue, Says),
            SglangPolicy.DfsWeight when byPrefix => PrefixOrder.ByWeight(_tree!, queue, Says),
            _ => queue.OrderByDescending(r => _pool[r].Key).ThenBy(r => _shares[r].QueueEntry),
        };
        _waiting = new RequestList(_pool);
        foreach (int slot in sorted)
        {
            _waiting.AddLast(slot);
        }
    }

    private (TokenRun[]? Path, int Tokens) Says(int slot) => (_shares[slot].Path, _pool[slot].KnownTokens);
}
