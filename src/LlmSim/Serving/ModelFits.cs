using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>Says which models fit a GPU.</summary>
public static class ModelFits
{
    /// <summary>Every model of the catalogue on a GPU, in listing order, in the number formats it is published in.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="contextTokens">
    /// Tokens of one sequence that there must be room for; a model made for shorter ones needs room for its longest. At
    /// least 1. Default 4096.
    /// </param>
    /// <param name="mostGpus">GPUs of a node, tried in powers of two. At least 1. Default 8.</param>
    public static IReadOnlyList<ModelFit> On(GpuSpec gpu, int contextTokens = 4096, int mostGpus = 8) =>
        [.. ModelCatalog.All.Select(model => Fit(model, gpu, contextTokens, mostGpus))];

    /// <summary>One model on a GPU.</summary>
    /// <inheritdoc cref="On"/>
    public static ModelFit Fit(ModelSpec model, GpuSpec gpu, int contextTokens = 4096, int mostGpus = 8)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostGpus, 1);
        var config = new SimulatorConfig
        {
            Model = model,
            Cluster = new ClusterSpec { Gpu = gpu },
            Scheduler = new SchedulerSpec { MaxModelLen = Math.Min(contextTokens, model.MaxSequenceLength) },
        };
        return FitAdvisor.FewestRanks(config, first: 1, mostGpus) is { } layout
            ? new ModelFit(model, layout.Parallelism.TensorParallel, Tokens(Deployment.PlanMemory(layout), SchedulerDefaults.Resolve(layout).BlockSize))
            : new ModelFit(model, null, 0);
    }

    private static long Tokens(MemoryPlan plan, int blockSize) => (long)plan.UsableBlocks * blockSize;
}
