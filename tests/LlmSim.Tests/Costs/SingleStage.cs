using LlmSim.Costs;

namespace LlmSim.Tests.Costs;

/// <summary>The cost model of a deployment without a pipeline.</summary>
internal static class SingleStage
{
    public static StepExplanation Explain(this TransformerCostModel cost, in BatchShape shape) => new PipelineCostModel([cost]).Explain(shape);

    public static CostBreakdown Breakdown(this TransformerCostModel cost, WorkTally tally, Int128 totalQuanta) =>
        new PipelineCostModel([cost]).Breakdown(tally, totalQuanta);
}
