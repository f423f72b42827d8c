using LlmSim.Costs;
using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <content>
/// A shortage of blocks under a scheduling policy. The worst request may stand anywhere in the running list, and when it is the
/// one that needs the block, those behind it get nothing in this call. So the list is walked, as the scheduler does, but only
/// in the calls that throw somebody out.
/// </content>
internal sealed partial class FastEngine
{
    private readonly List<int> _late = [];
    private long _walkedCall;

    // Shares out this call's tokens and blocks; a request passed over is left with a chunk of 0.
    private void WalkRunning(ref BatchShape shape, StepRecord? record)
    {
        _walkedCall = Call;
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            _pool[slot].Chunk = _pool[slot].ChunkBlocks = 0;
        }

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
            if (tokens > 0 && !TryMakeRoom(slot, blocks, ref budget, ref skips, record))
            {
                break;
            }

            _blocks.Take(blocks);
            _pool[slot].Chunk = tokens;
            _pool[slot].ChunkBlocks = blocks;
            budget -= tokens;
        }

        AddDecodes(ref shape);
    }

    // What a running request asks for; nothing when its last token is in flight.
    private (int Tokens, int Blocks) Demand(int slot, int budget)
    {
        ref Request request = ref _pool[slot];
        if (request.State == RequestState.Decoding)
        {
            return (1, _decodes.NeedsBlock(request.ContextBase, Call) ? 1 : 0);
        }

        if (request.State != RequestState.Prefilling)
        {
            return default;
        }

        int tokens = Math.Min(Chunk(request.KnownTokens - request.Computed), budget);
        return (tokens, _blocks.BlocksFor(request.Computed + tokens) - _blocks.BlocksFor(request.Computed));
    }

    // Throws out the worst until the blocks are there. False when that was the request itself, which ends the walk.
    private bool TryMakeRoom(int slot, int blocks, ref int budget, ref int skips, StepRecord? record)
    {
        while (blocks > _blocks.Free)
        {
            int victim = Worst();
            ref Request request = ref _pool[victim];
            if (request.Chunk > 0)
            {
                budget += request.Chunk;
                _blocks.Return(request.ChunkBlocks);
            }
            else if (request.AdmissionOrder < _pool[slot].AdmissionOrder)
            {
                // Its last token is in flight. vLLM moves its index back only for victims that it had given tokens.
                skips++;
            }

            Preempt(victim, record);
            if (victim == slot)
            {
                return false;
            }
        }

        return true;
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

    // The decoding requests that got their token; the others come one call later.
    private void AddDecodes(ref BatchShape shape)
    {
        int count = 0;
        long context = 0;
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            ref Request request = ref _pool[slot];
            if (request.State != RequestState.Decoding)
            {
                continue;
            }

            if (request.Chunk > 0)
            {
                count++;
                context += request.ContextBase + Call + 1;
                continue;
            }

            _decodes.Delay(slot);
            if (!request.IsLate)
            {
                request.IsLate = true;
                request.LastTokenNs = GpuFree.Nanoseconds;
                _late.Add(slot);
            }
        }

        shape.AddDecode(count, context);
    }

    private bool IsPassedOver(in Request request) => _walkedCall == Call && request.Chunk == 0;

    // Tells the gaps of the late requests that this step serves; returns how many.
    private int TellLate(long endNs)
    {
        int told = 0;
        for (int i = _late.Count - 1; i >= 0; i--)
        {
            ref Request request = ref _pool[_late[i]];
            if (!IsPassedOver(request))
            {
                request.IsLate = false;
                Meter.ResumedToken(endNs - request.LastTokenNs);
                _late.RemoveAt(i);
                told++;
            }
        }

        return told;
    }
}
