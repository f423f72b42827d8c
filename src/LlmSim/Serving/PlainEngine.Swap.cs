namespace LlmSim.Serving;

/// <content>Swapping to host memory: a request that decodes may keep its computed tokens when it is thrown out.</content>
internal sealed partial class PlainEngine
{
    private int _freeHostBlocks = limits.SwapBlocks;
    private int _movedBlocks;

    // Only what decodes and has no token in a step that it would have to wait for; the others are recomputed.
    private bool TrySwapOut(PlainRequest request)
    {
        bool isLastInFlight = request.Output + request.Placeholders >= request.Inbound.OutputTokens;
        bool isInFlight = request.Placeholders > 0 && (isLastInFlight || !Limits.RunsAhead);
        int blocks = BlocksFor(request.Computed);
        if (isInFlight || request.Computed < request.PrefillTarget || blocks > _freeHostBlocks)
        {
            return false;
        }

        request.IsSwapped = true;
        _freeHostBlocks -= blocks;
        _movedBlocks += blocks;
        Meter.SwappedOut();
        return true;
    }

    private void SwapIn(PlainRequest request)
    {
        int blocks = BlocksFor(request.Computed);
        _freeHostBlocks += blocks;
        _movedBlocks += blocks;
        request.IsSwapped = false;
        request.IsLate = true;
    }

    // What the next step with any work in it has to move.
    private int TakeMoves()
    {
        int blocks = _movedBlocks;
        _movedBlocks = 0;
        if (blocks > 0)
        {
            Meter.Moved(blocks);
        }

        return blocks;
    }
}
