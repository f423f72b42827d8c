using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <content>KV blocks: taken, found in the prefix cache, and given back, as <c>vllm/v1/core/kv_cache_manager.py</c> does.</content>
internal sealed partial class PlainEngine
{
    // The blocks that hold the request's beginning: whole ones, and not its last token, which has to be computed to get the next.
    private List<PlainBlock> FindPrefix(PlainRequest request)
    {
        var found = new List<PlainBlock>();
        int most = Limits.EnablePrefixCaching && request.Computed == 0 ? (request.KnownTokens - 1) / Limits.BlockSize : 0;
        while (found.Count < most && _blocks.Find(request.Contents[found.Count]) is { } block)
        {
            found.Add(block);
        }

        return found;
    }

    // Blocks that go from free to held when a request's tokens up to here are to be there; found ones may be free too.
    private int NewBlocks(PlainRequest request, int tokens, List<PlainBlock> found) =>
        BlocksFor(tokens) - request.Blocks.Count - found.Count + found.Count(block => block.Holders == 0);

    private bool TryAllocate(PlainRequest request, int tokens, List<PlainBlock> found, int leave = 0)
    {
        int computed = request.Computed + (found.Count * Limits.BlockSize);
        int held = TokensToHold(request, computed + tokens);
        if (NewBlocks(request, held, found) + leave > _blocks.Free)
        {
            return false;
        }

        foreach (PlainBlock block in found)
        {
            _blocks.Hold(block);
            request.Blocks.Add(block);
            request.RegisteredBlocks++;
        }

        request.Computed = computed;
        while (request.Blocks.Count < BlocksFor(held))
        {
            request.Blocks.Add(_blocks.Take());
        }

        Register(request, Math.Min(computed + tokens, request.KnownTokens));
        return true;
    }

    // Tokens that it must hold blocks for when it is to have so many computed.
    private int TokensToHold(PlainRequest request, int tokens) => Limits.Reservation switch
    {
        KvReservation.OnDemand => tokens,
        KvReservation.Prompt => Math.Max(tokens, request.KnownTokens),
        _ => request.Inbound.LongestTokens,
    };

    // Full blocks up to here may be found by others: when they are scheduled, not when they are computed.
    private void Register(PlainRequest request, int tokens)
    {
        for (; Limits.EnablePrefixCaching && request.RegisteredBlocks < tokens / Limits.BlockSize; request.RegisteredBlocks++)
        {
            _blocks.Register(request.Blocks[request.RegisteredBlocks], request.Contents[request.RegisteredBlocks]);
        }
    }

    private void Free(PlainRequest request)
    {
        _blocks.Return(request.Blocks);
        request.RegisteredBlocks = 0;
    }
}
