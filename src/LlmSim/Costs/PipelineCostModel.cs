namespace LlmSim.Costs;

/// <summary>Cost of a step in a deployment: that of each pipeline stage, one after the other. Without a pipeline there is one stage.</summary>
public sealed class PipelineCostModel : StepCostModel
{
    private readonly TransformerCostModel[] _stages;

    /// <summary>Puts stages together.</summary>
    /// <param name="stages">At least one, in running order.</param>
    public PipelineCostModel(IReadOnlyList<TransformerCostModel> stages) => _stages = [.. stages];

    /// <summary>Number of stages.</summary>
    public int Stages => _stages.Length;

    /// <summary>The same costs in the shortest form, for an engine to ask every step.</summary>
    public StepCostModel ForEngine => _stages.Length == 1 ? _stages[0] : this;

    /// <summary>An empty batch that also sums what this model's windowed layers compute.</summary>
    public BatchShape NewBatch() => _stages.MaxBy(stage => stage.NewBatch().Window)!.NewBatch();

    /// <inheritdoc />
    internal override bool UsesSpread => Array.Exists(_stages, stage => stage.UsesSpread);

    /// <inheritdoc />
    public override long StageQuanta(int stage, in BatchShape shape) => _stages[stage].StepQuanta(shape);

    /// <inheritdoc />
    public override long StepQuanta(in BatchShape shape)
    {
        long sum = 0;
        foreach (TransformerCostModel stage in _stages)
        {
            sum += stage.StepQuanta(shape);
        }

        return sum;
    }

    /// <inheritdoc />
    public override DecodeRunCost DecodeRun(int sequences, long context, long spread = 0)
    {
        var sum = new DecodeRunCost(0, 0, long.MaxValue);
        foreach (TransformerCostModel stage in _stages)
        {
            DecodeRunCost cost = stage.DecodeRun(sequences, context, spread);
            sum = new DecodeRunCost(sum.First + cost.First, sum.Growth + cost.Growth, Math.Min(sum.ValidSteps, cost.ValidSteps)) { Spread = spread };
        }

        return sum;
    }

    /// <summary>One step operator by operator, on one GPU of each stage.</summary>
    public StepExplanation Explain(in BatchShape shape)
    {
        var work = new StepWork();
        (double host, double step) = (0, 0);
        var stages = new List<double>();
        foreach (TransformerCostModel stage in _stages)
        {
            work.Add(stage.WorkOf(shape), 1);
            host += stage.HostSeconds(shape);
            double seconds = CostRows.Seconds(stage.StepQuanta(shape));
            stages.Add(seconds);
            step += seconds;
        }

        return new StepExplanation(CostRows.Of(work), CostRows.Seconds(work.Quanta), host, step, _stages[0].HostOverlaps, stages);
    }

    /// <summary>Where the time of many steps went, which took <paramref name="totalQuanta"/> in all stages together.</summary>
    /// <exception cref="ArgumentException">The tally is for another window than the model has.</exception>
    internal CostBreakdown Breakdown(WorkTally tally, Int128 totalQuanta)
    {
        var work = new StepWork();
        foreach (TransformerCostModel stage in _stages)
        {
            work.Add(stage.WorkOf(tally), 1);
        }

        return CostBreakdown.Of(work, totalQuanta, _stages[0].PeakFlopsPerSecond, _stages[0].PeakBytesPerSecond);
    }
}
