using LlmSim.Costs;

namespace LlmSim.Serving;

/// <content>
/// Swapping to host memory. A request that comes back decodes at once; its token comes late, so it counts among the late ones of
/// that step. Blocks are moved by the next step with any work in it.
/// </content>
internal sealed partial class FastEngine
{
    // Whether a request may come late: under a policy, or with swapping. Else no step looks at any of this.
    private readonly bool _hasLate;
    private int _usedHostBlocks;
    private int _movedBlocks;

    // Keeps the computed tokens of a decoding request that is thrown out, if host memory has room for them.
    private bool TrySwapOut(ref Request request, int context, ref BatchShape shape)
    {
        int blocks = _blocks.BlocksFor(context);
        if (blocks > Limits.SwapBlocks - _usedHostBlocks)
        {
            return false;
        }

        _usedHostBlocks += blocks;
        request.Computed = context;
        shape.SwappedBlocks = _movedBlocks += blocks;
        Meter.SwappedOut();
        return true;
    }

    // An admitted request decodes in this very call, behind what the call has scheduled so far.
    private void SwapIn(int slot, ref BatchShape shape)
    {
        ref Request request = ref _pool[slot];
        int blocks = _blocks.BlocksFor(request.Computed);
        _usedHostBlocks -= blocks;
        shape.SwappedBlocks = _movedBlocks += blocks;
        shape.AddDecode(1, request.Computed + 1);
        _fair?.ChargeOutput(request);
        _blocks.Take(_blocks.BlocksFor(request.Computed + 1));
        request.Cohort = _cohorts.ReadyIndex;
        request.IsLate = true;
        _late.Add(slot);
        _decodes.Join(slot, _decodes.Call, request.Computed, request.OutputTokens - request.Emitted);
    }
}
