using System.Runtime.CompilerServices;
using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <content>What the meter is told of a decode run; it takes the blocks that the run needs on the way.</content>
internal sealed partial class FastEngine
{
    private readonly bool _hasBoundaries;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReportRun(in EngineClock start, long first, long context, in DecodeRunCost cost, in RunTotals totals)
    {
        if (!_hasBoundaries || start.Plus(totals.Quanta).Nanoseconds < Meter.NextBoundary(start.Nanoseconds))
        {
            Report(start, context, cost, totals);
        }
        else
        {
            ReportPieces(start, first, context, cost, totals);
        }
    }

    // A meter's boundary falls into the run: it is told of it in pieces that end there.
    private void ReportPieces(EngineClock start, long first, long context, DecodeRunCost cost, RunTotals totals)
    {
        for (long done = 0; done < totals.Steps;)
        {
            // The steps that end before the boundary; the one that does not, by itself.
            DecodeRunCost rest = cost with { First = cost.First + (cost.Growth * done) };
            long left = totals.Steps - done;
            long limit = start.QuantaUntil(Meter.NextBoundary(start.Nanoseconds));
            long steps = rest.StepsToReach(limit, left);
            steps = Math.Max(1, rest.Quanta(steps) < limit ? steps : steps - 1);
            RunTotals piece = _decodes.TotalsOf(first + done, steps, rest);
            Report(start, context + (_decodes.Count * done), rest, piece);
            start = start.Plus(piece.Quanta);
            done += steps;
        }
    }

    private void Report(in EngineClock start, long context, in DecodeRunCost cost, in RunTotals totals)
    {
        Int128 blockQuanta = DecodeBatch.Product(_blocks.Used, totals.Quanta) + totals.NewBlockQuanta;
        _blocks.Take(totals.NewBlocks);
        Meter.DecodeRun(
            start, _decodes.Count, _running.Count, context, totals.Steps, cost, totals.Quanta, blockQuanta, _blocks.Used);
    }
}
