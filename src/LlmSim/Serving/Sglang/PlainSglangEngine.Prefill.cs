using LlmSim.Serving.Events;

namespace LlmSim.Serving.Sglang;

/// <content>Prefill goes first: a step of prompts, with running requests beside them only with mixed chunks.</content>
internal sealed partial class PlainSglangEngine
{
    private PlainSglangBatch? TryPrefill(StepRecord? record)
    {
        _running.IsFull &= !_sglang.EnablePriorityScheduling;
        if ((_running.IsFull || _waiting.Count == 0) && _chunked is null)
        {
            return null;
        }

        if (_running.Requests.Count >= Limits.MaxNumSeqs && _chunked is null && !_sglang.EnablePriorityScheduling)
        {
            _running.IsFull = true;
            return null;
        }

        SortQueue();
        var pass = new PlainPrefillPass(Limits, this, _running.Requests, _ratio.Value);
        PlainSglangRequest? continued = _chunked;
        bool ends = true;
        if (continued is not null)
        {
            continued.Extend = continued.KnownTokens - continued.Prefix;
            if (!pass.TryContinue(continued, out ends))
            {
                return null; // SGLang goes on with no tokens or fewer: a fault of its own. Here it waits.
            }
        }

        var preempted = new List<PlainSglangRequest>();
        TakeWaiting(pass, preempted, record);
        _waiting.RemoveAll(pass.Taken.Contains);
        preempted.ForEach(Join);
        if (pass.Taken.Count == 0)
        {
            return null;
        }

        _chunked = ends ? pass.NewChunked : continued;
        Admit(pass, continued, record);
        return Mix(pass);
    }

    private void TakeWaiting(PlainPrefillPass pass, List<PlainSglangRequest> preempted, StepRecord? record)
    {
        foreach (PlainSglangRequest request in _waiting)
        {
            _running.IsFull |= pass.Taken.Count >= Limits.MaxNumSeqs - _running.Requests.Count;
            if (_running.IsFull && !(_sglang.EnablePriorityScheduling && TryPreemptFor(request, pass, preempted, record)))
            {
                return;
            }

            RadixNode? node = null;
            request.Prefix = _tree?.Match(request.Path, request.KnownTokens - 1, out node) ?? 0;
            request.Node = node;
            request.Extend = request.KnownTokens - request.Prefix;
            PrefillVerdict verdict = pass.TryTake(request);
            if (verdict != PrefillVerdict.Continue)
            {
                _running.IsFull |= verdict == PrefillVerdict.NoMemory;
                return;
            }
        }
    }

    // Throws out running requests that are less urgent by more than the threshold, the least urgent and latest first.
    private bool TryPreemptFor(
        PlainSglangRequest request, PlainPrefillPass pass, List<PlainSglangRequest> preempted, StepRecord? record)
    {
        var victims = new List<PlainSglangRequest>();
        double missing = request.Extend + Math.Min(request.MaxNewTokens, SglangLimits.ClipMaxNewTokens) - pass.TotalLeft;
        foreach (PlainSglangRequest victim in _running.Requests.OrderBy(r => r.Urgency).ThenByDescending(r => r.QueueEntry))
        {
            // SGLang dies of choosing one that has finished.
            if (request.Urgency - victim.Urgency > _sglang.PriorityPreemptionThreshold && !victim.IsFinished)
            {
                victims.Add(victim);
                missing -= pass.Reserved(victim);
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

        int left = _running.Requests.Count;
        foreach (PlainSglangRequest victim in _running.Requests.Where(victims.Contains))
        {
            // Until 0.5.5 the newcomer's reservation is given back in place of the victim's.
            pass.GiveBack(pass.Reserved(_sglang.HasOldPreemption ? request : victim));
            ThrowOut(victim, --left, null);
        }

        _running.Requests.RemoveAll(victims.Contains);
        preempted.AddRange(victims);
        victims.ForEach(victim => record?.AddPreempted(victim.Inbound.Id));
        return true;
    }

    private void Admit(PlainPrefillPass pass, PlainSglangRequest? continued, StepRecord? record)
    {
        int tokens = pass.Taken.Sum(r => Pages(r.Filled) - Pages(r.Prefix));
        EvictFor(_page == 1 ? tokens : pass.Taken.Sum(r => r.Extend) + (pass.Taken.Count * _page));
        _free -= tokens;
        foreach (PlainSglangRequest request in pass.Taken)
        {
            request.Computed = request.Filled;
            request.IsThrownOut = false;
            request.OpenChunks += request == _chunked ? 1 : 0;
            request.Pending = request == _chunked ? 0 : 1;
            if (request == continued)
            {
                continue;
            }

            bool first = request.FirstScheduledNs < 0;
            request.FirstScheduledNs = first ? Now.Nanoseconds : request.FirstScheduledNs;
            if (_tree is not null)
            {
                Meter.LookedUp(request.KnownTokens, request.Prefix, first);
            }

            Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - request.WaitingSinceNs, first);
            record?.AddAdmitted(request.Inbound.Id, !first, request.Prefix);
        }
    }

    private PlainSglangBatch Mix(PlainPrefillPass pass)
    {
        List<PlainSglangRequest> decoding = [];
        if (_sglang.IsMixed && _running.Requests.Count > 0)
        {
            _running.Requests.RemoveAll(r => r.IsFinished);

            // Without memory for all of them SGLang would die here; they sit this step out instead.
            if (NewDecodeTokens(_running.Requests) <= Available)
            {
                Allocate(_running.Requests);
                decoding = _running.Requests;
                decoding.ForEach(r => r.Filled = r.KnownTokens);
                _running = new PlainSglangBatch { IsFull = _running.IsFull };
            }
        }

        return new PlainSglangBatch
        {
            Requests = [.. pass.Taken, .. decoding],
            IsPrefill = true,
            Chunked = _chunked,
            Prefills = pass.Taken.Count,
        };
    }
}
