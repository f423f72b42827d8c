using LlmSim.Costs;

namespace LlmSim.Tests.Serving;

/// <summary>A cost model for tests: affine in tokens, sequences, context, pairs and blocks moved to or from host memory, but never below a floor (as host-bound steps are).</summary>
internal sealed class AffineCost(long step, long token, long context, long pair, long floor, int stages = 1, long swap = 0) : StepCostModel
{
    public override long StepQuanta(in BatchShape shape) => shape.Tokens == 0
        ? 0
        : Math.Max(
            floor,
            step + (token * shape.Tokens) + (context * shape.DecodeContext) + (pair * shape.PrefillPairs) + (swap * shape.SwappedBlocks));

    /// <summary>Stages of different length: stage s takes s + 1 parts of the whole, the last one the rest.</summary>
    public override long StageQuanta(int stage, in BatchShape shape)
    {
        long whole = StepQuanta(shape);
        long part = whole / (stages * (stages + 1) / 2);
        return stage < stages - 1 ? part * (stage + 1) : whole - (part * (stages - 1) * stages / 2);
    }

    public override DecodeRunCost DecodeRun(int sequences, long keys, long spread = 0)
    {
        long first = step + (token * sequences) + (context * keys);
        long growth = context * sequences;
        if (first >= floor)
        {
            return new DecodeRunCost(first, growth, long.MaxValue);
        }

        // Steps at the floor: those with first + growth·i ≤ floor.
        return new DecodeRunCost(floor, 0, growth == 0 ? long.MaxValue : ((floor - first) / growth) + 1);
    }
}
