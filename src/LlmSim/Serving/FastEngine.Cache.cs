using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <content>
/// Prefix caching. Blocks can be found from the moment that they are scheduled, but those that a decoding request fills are told
/// to the cache only when somebody may look for them: when it gives them back, and before a request whose prompt repeats its
/// answer looks or tells.
/// </content>
internal sealed partial class FastEngine
{
    // Requests under way by the segment that their answer makes up.
    private readonly Dictionary<long, int> _answers = [];

    private void Enter(int slot, PromptContent content)
    {
        ref Request request = ref _pool[slot];
        request.IsCached = true;
        _cache!.Enter(slot, content, request.InputTokens);
        if (content.AnswerSegment != 0)
        {
            _answers[content.AnswerSegment] = slot;
        }
    }

    private void Leave(int slot)
    {
        if (_cache!.ContentOf(slot) is { AnswerSegment: not 0 } content)
        {
            _answers.Remove(content.AnswerSegment);
        }

        _cache.Leave(slot);
    }

    private PrefixHits Find(int slot)
    {
        TellAnswers(slot, long.MaxValue);
        return _cache!.Find(slot, _pool[slot].KnownTokens);
    }

    // A prompt is computed up to here.
    private void Register(int slot, int tokens)
    {
        TellAnswers(slot, _pool[slot].AdmissionOrder);
        _cache!.Register(slot, tokens);
    }

    // Gives back the blocks of these tokens, of which so many can be found.
    private void GiveBack(int slot, int tokens, int registered, bool comesBack)
    {
        ref Request request = ref _pool[slot];
        request.IsCached |= comesBack && _cache is not null && registered >= Limits.BlockSize;
        if (request.IsCached)
        {
            _cache!.GiveBack(slot, _blocks.BlocksFor(tokens), registered, comesBack);
        }
        else
        {
            _blocks.Return(_blocks.BlocksFor(tokens));
        }
    }

    // Of so many tokens of a decoding request, those that can be found. In the asynchronous loop the last one is not known yet when
    // it is scheduled, unless the step before passed the request over.
    private int Findable(in Request request, int tokens) =>
        Limits.RunsAhead && !request.IsLate ? Math.Max(request.Computed, tokens - 1) : tokens;

    // Brings the cache up to date with decoding requests whose answers a prompt repeats. In this call those admitted before
    // have had their turn already. False when there are none.
    private bool TellAnswers(int slot, long before)
    {
        if (_answers.Count == 0 || _cache!.ContentOf(slot) is not { } content)
        {
            return false;
        }

        bool any = false;
        foreach (ContentRun run in content.Runs)
        {
            if (_answers.TryGetValue(run.Segment, out int other) && other != slot)
            {
                any = true;
                ref Request request = ref _pool[other];
                if (request.State == RequestState.Decoding)
                {
                    bool hadTurn = IsReady(request) && (_isWalking ? request.Chunk > 0 : Limits.DecodesFirst || request.AdmissionOrder < before);
                    int tokens = (int)(request.ContextBase + _cohorts[Math.Max(0, request.Cohort)].Call) + (hadTurn ? 1 : 0);
                    _cache.Register(other, Findable(request, tokens));
                }
                else if (request.State == RequestState.Finishing)
                {
                    _cache.Register(other, Findable(request, request.FinalContext));
                }
            }
        }

        return any;
    }
}
