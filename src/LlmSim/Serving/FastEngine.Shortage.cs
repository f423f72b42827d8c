using System.Diagnostics;
using LlmSim.Costs;
using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>
/// A shortage of blocks. First come, first served, the tail is thrown out. Under a scheduling policy the worst request may stand
/// anywhere in the running list, and when it is the one that needs the block, those behind it get nothing in this call. So the
/// list is walked, as the scheduler does, but only in the calls that throw somebody out.
/// </content>
internal sealed partial class FastEngine
{
    private readonly List<int> _late = [];
    private bool _isWalking;

    // Shares out this call's tokens and blocks; a request passed over is left with a chunk of 0.
    private void WalkRunning(ref BatchShape shape, StepRecord? record)
    {
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            _pool[slot].Chunk = _pool[slot].ChunkBlocks = 0;
        }

        _isWalking = true;
        int budget = Limits.MaxNumBatchedTokens;
        int skips = 0;
        for (int slot = _running.First; slot >= 0 && budget > 0; slot = _pool[slot].Next)
        {
            if (skips > 0)
            {
                skips--;
                continue;
            }

            (int tokens, int blocks) = Demand(slot, budget);
            if (tokens > 0 && !TryMakeRoom(slot, blocks, ref budget, ref skips, ref shape, record))
            {
                break;
            }

            _blocks.Take(blocks);
            if (_pool[slot].IsCached && _pool[slot].State == RequestState.Prefilling)
            {
                Register(slot, _pool[slot].Computed + tokens);
            }

            _pool[slot].Chunk = tokens;
            _pool[slot].ChunkBlocks = blocks;
            budget -= tokens;
        }

        _isWalking = false;
        AddDecodes(ref shape);
    }

    // Whether it decodes and is not in flight.
    private bool IsReady(in Request request) =>
        request.State == RequestState.Decoding && request.Cohort == _cohorts.ReadyIndex;

    // What a running request asks for; nothing when it is in a step of the pipeline, or its last token is in flight.
    private (int Tokens, int Blocks) Demand(int slot, int budget)
    {
        ref Request request = ref _pool[slot];
        if (request.State != RequestState.Prefilling)
        {
            return IsReady(request) ? (1, _decodes.NeedsBlock(request.ContextBase, _decodes.Call) ? 1 : 0) : default;
        }

        int tokens = Fit(Chunk(request.KnownTokens - request.Computed), budget);
        return (tokens, ChunkBlocks(request, tokens));
    }

    // Throws out the worst until the blocks are there. False when that was the request itself, which ends the walk.
    private bool TryMakeRoom(
        int slot, int blocks, ref int budget, ref int skips, ref BatchShape shape, StepRecord? record)
    {
        while (blocks > _blocks.Free)
        {
            int victim = Worst();
            ref Request request = ref _pool[victim];
            budget += request.Chunk;
            if (request.Chunk == 0 && request.AdmissionOrder < _pool[slot].AdmissionOrder)
            {
                // It is in flight. vLLM moves its index back only for victims that it had given tokens.
                skips++;
            }

            Preempt(victim, ref shape, record);
            if (victim == slot)
            {
                return false;
            }
        }

        return true;
    }

    // Throws out a request; returns the blocks that it would have needed in this call.
    private int Preempt(int slot, ref BatchShape shape, StepRecord? record)
    {
        ref Request request = ref _pool[slot];
        int needed = 0;
        int taken = _order is null ? 0 : request.Chunk; // in this very call
        int tokens = request.FinalContext;
        int findable = Findable(request, tokens);
        bool isInFlight = request.State == RequestState.Finishing;
        if (request.State == RequestState.Decoding)
        {
            DecodeBatch batch = _cohorts[request.Cohort];
            batch.Leave(slot);
            needed = batch == _decodes && batch.NeedsBlock(request.ContextBase, batch.Call) ? 1 : 0;
            tokens = (int)(request.ContextBase + batch.Call) + taken;
            findable = Findable(request, tokens);
            request.Emitted = request.OutputTokens - (int)(request.FinishCall - batch.Call + 1);
            isInFlight = batch != _decodes;
            if (!request.IsLate)
            {
                request.LastTokenNs = batch.LastOut.Nanoseconds;
            }
            else
            {
                request.IsLate = false;
                _late.Remove(slot);
            }
        }
        else if (request.State == RequestState.Prefilling)
        {
            Debug.Assert(_order is not null || _prefills[^1] == slot, "prompts are preempted last first");
            _prefills.RemoveAt(_prefills.LastIndexOf(slot));
            needed = request.ChunkBlocks;
            findable = tokens = request.Computed + taken;
        }

        int held = TokensToHold(request, tokens);

        request.State = request.State == RequestState.Finishing ? RequestState.FinishingPreempted
            : request.State == RequestState.Decoding && !isInFlight && TrySwapOut(ref request, tokens - taken, ref shape) ? RequestState.Swapped
            : RequestState.Waiting;
        request.InFlightCall = isInFlight ? _cohorts.LastCall(request.Cohort) : 0;
        request.WaitingSinceNs = Now.Nanoseconds;
        request.Preemptions++;
        GiveBack(slot, held, findable, comesBack: request.State == RequestState.Waiting);
        _running.Remove(slot);
        _waiting.PutBack(slot);
        Meter.Preempted(Now.Nanoseconds);
        record?.AddPreempted(request.Id);
        return needed;
    }

    private int Worst()
    {
        int worst = _running.First;
        for (int slot = _pool[worst].Next; slot >= 0; slot = _pool[slot].Next)
        {
            ref Request request = ref _pool[slot];
            ref Request other = ref _pool[worst];
            if (request.Key > other.Key || (request.Key == other.Key && request.Id > other.Id))
            {
                worst = slot;
            }
        }

        return worst;
    }

    // The decoding requests that got their token; the others leave the batch, to join the next one.
    private void AddDecodes(ref BatchShape shape)
    {
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            ref Request request = ref _pool[slot];
            if (!IsReady(request))
            {
                continue;
            }

            if (request.Chunk > 0)
            {
                shape.AddDecode(1, request.ContextBase + _decodes.Call + 1);
                continue;
            }

            _decodes.Leave(slot);
            request.Cohort = -1;
            request.Computed = (int)(request.ContextBase + _decodes.Call);
            request.Emitted = request.OutputTokens - (int)(request.FinishCall - _decodes.Call + 1);
            if (!request.IsLate)
            {
                request.IsLate = true;
                request.LastTokenNs = _decodes.LastOut.Nanoseconds;
                _late.Add(slot);
            }
        }

    }

    // Requests that the call before passed over decode with the batch of this one, which also moves what is still to be moved.
    private void RejoinLate(ref BatchShape shape)
    {
        shape.SwappedBlocks = _movedBlocks;
        foreach (int slot in _late)
        {
            ref Request request = ref _pool[slot];
            request.Cohort = _cohorts.ReadyIndex;
            _decodes.Join(slot, _decodes.Call, request.Computed, request.OutputTokens - request.Emitted);
            request.Computed++;
        }
    }

    // Tells the gaps of the late requests that this step serves, and the blocks that it moves.
    private void TellLate(ref BatchShape shape, long endNs)
    {
        if (_movedBlocks > 0)
        {
            Meter.Moved(_movedBlocks);
            _movedBlocks = 0;
        }

        for (int i = _late.Count - 1; i >= 0; i--)
        {
            ref Request request = ref _pool[_late[i]];
            if (request.Cohort >= 0)
            {
                request.IsLate = false;
                Meter.ResumedToken(endNs - request.LastTokenNs);
                _late.RemoveAt(i);
                shape.LateSequences++;
            }
        }
    }
}
