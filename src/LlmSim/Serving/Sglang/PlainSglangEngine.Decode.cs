using LlmSim.Serving.Events;

namespace LlmSim.Serving.Sglang;

/// <content>A decode step of all running requests, and what is done when it finds no memory.</content>
internal sealed partial class PlainSglangEngine
{
    private PlainSglangBatch? TryDecode(StepRecord? record)
    {
        int before = _running.Requests.Count;
        if (before == 0)
        {
            return null;
        }

        _running.Requests.RemoveAll(r => r.IsFinished);
        if (_running.Requests.Count == 0)
        {
            _running.IsFull = false;
            return null;
        }

        if (FindsMemory(_running.Requests))
        {
            _ratio.Decay();
        }
        else
        {
            Retract(record);
        }

        _running.IsFull &= _running.Requests.Count == before;
        Allocate(_running.Requests);
        return new PlainSglangBatch { Requests = _running.Requests };
    }

    // Throws out who has the least output, then the longest prompt, until the others find memory: at least one, never the last.
    private void Retract(StepRecord? record)
    {
        List<PlainSglangRequest> kept =
            [.. _running.Requests.OrderByDescending(r => r.Output).ThenBy(r => r.Inbound.InputTokens)];
        var victims = new List<PlainSglangRequest>();
        while (kept.Count > 1 && (victims.Count == 0 || !FindsMemory(kept)))
        {
            PlainSglangRequest victim = kept[^1];
            kept.RemoveAt(kept.Count - 1);
            ThrowOut(victim, kept.Count, record);
            victims.Add(victim);
        }

        // The last one may be out of memory for a prompt that is half computed. SGLang would die; that prompt starts anew instead.
        if (_chunked is not null && !FindsMemory(kept))
        {
            ThrowOut(_chunked, kept.Count, record);
            victims.Add(_chunked);
            _chunked = null;
        }

        _running = new PlainSglangBatch { Requests = kept, IsFull = _running.IsFull };
        _ratio.Retract(kept.Count, kept.Sum(r => (long)r.Output), kept.Sum(r => (long)r.MaxNewTokens));
        victims.ForEach(Join);
    }

    // Whether their next tokens find memory, where need be that of evicted tokens.
    private bool FindsMemory(List<PlainSglangRequest> requests)
    {
        // The overlap loop takes the token in flight for granted, and is wrong where there is none.
        int phase = Limits.IsAsynchronous ? 0 : 1;
        int tokens = _page == 1 ? requests.Count : requests.Count(r => (r.KnownTokens - phase) % _page == 0) * _page;
        EvictFor(tokens);
        return _free >= tokens && NewDecodeTokens(requests) <= Available;
    }

    // Makes room for one more token of each.
    private void Allocate(List<PlainSglangRequest> requests)
    {
        EvictFor(requests.Count * _page);
        _free -= NewDecodeTokens(requests);
        foreach (PlainSglangRequest request in requests)
        {
            request.Computed++;
            request.Pending++;
        }
    }

    private int NewDecodeTokens(List<PlainSglangRequest> requests) => requests.Count(r => r.Computed % _page == 0) * _page;
}
