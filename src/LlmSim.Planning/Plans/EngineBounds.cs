using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Specs.Blocks;

namespace LlmSim.Planning.Plans;

/// <summary>What no schedule can beat on one replica, by the cost model that simulations go by as well.</summary>
/// <param name="SecondsPerToken">
/// Least time of the slowest pipeline stage for a token: what depends on a step's tokens alone, over the tokens, at the best number of tokens. Attention,
/// LM head, sampler and host, left out, come on top.
/// </param>
/// <param name="DecodeSeconds">Least time from one token to the next of a sequence: a step of one sequence with one token behind it.</param>
internal sealed record EngineBounds(double SecondsPerToken, double DecodeSeconds)
{
    private const double GridStep = 1.1;

    /// <summary>Works them out.</summary>
    /// <param name="deployment">The deployment.</param>
    public static EngineBounds Of(Deployment deployment)
    {
        PipelineCostModel cost = deployment.Cost;
        int most = Math.Max(deployment.Limits.MaxNumBatchedTokens, deployment.Limits.MaxNumSeqs);
        double least = double.PositiveInfinity;
        for (int tokens = 1; tokens <= most;)
        {
            // A step takes no less time with more tokens: up to the next point of the grid none is better than this.
            int next = Math.Min(most + 1, Math.Max(tokens + 1, (int)(tokens * GridStep)));
            least = Math.Min(least, TokenSeconds(cost, tokens) / (next - 1));
            tokens = next;
        }

        var alone = cost.NewBatch();
        alone.AddDecode(1, 1);
        return new EngineBounds(least / cost.Stages, cost.Explain(alone).GpuSeconds);
    }

    private static double TokenSeconds(PipelineCostModel cost, int tokens)
    {
        var batch = cost.NewBatch();
        batch.AddPrefill(tokens, 0, endsPrompt: false);
        return cost.Explain(batch).Operators.Where(row => DependsOnTokensAlone(row.Operator)).Sum(row => row.Seconds);
    }

    private static bool DependsOnTokensAlone(StepOperator op) => op is StepOperator.Embedding or StepOperator.Norms or StepOperator.QkvProjection
        or StepOperator.OutputProjection or StepOperator.MlpUp or StepOperator.MlpActivation or StepOperator.MlpDown or StepOperator.Router
        or StepOperator.Experts or StepOperator.AllReduce;
}
