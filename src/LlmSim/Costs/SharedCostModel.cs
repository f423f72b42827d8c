using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Costs;

/// <summary>
/// The cost model that simulations share which follow each other on one thread and have the same server: the times of kernels that one has worked out are there
/// for the next. Not thread-safe.
/// </summary>
internal sealed class SharedCostModel
{
    private Key? _key;
    private PipelineCostModel? _latest;

    /// <summary>All that the cost of a step depends on.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Cluster">The GPUs.</param>
    /// <param name="TensorParallel">GPUs that share each layer.</param>
    /// <param name="PipelineParallel">Pipeline stages.</param>
    /// <param name="Host">CPU time of the engine.</param>
    /// <param name="Engine">The engine, whose graphs may pad batches.</param>
    /// <param name="Profile">Kernel times, as the scenario names them.</param>
    /// <param name="Scales">Factors on them.</param>
    /// <param name="Efficiencies">Efficiencies in place of the defaults; null for none.</param>
    /// <param name="MaxNumSeqs">Most sequences in a step.</param>
    /// <param name="MaxNumBatchedTokens">Most tokens in a step.</param>
    /// <param name="SwapBlockTokens">Tokens of a KV block, where blocks are swapped; else 0.</param>
    /// <param name="Overlaps">Whether the host works while the GPU does.</param>
    public sealed record Key(
        ModelSpec Model, ClusterSpec Cluster, int TensorParallel, int PipelineParallel, HostSpec Host, EngineSpec Engine, string Profile,
        KernelScales Scales, KernelEfficiencies? Efficiencies, int MaxNumSeqs, int MaxNumBatchedTokens, int SwapBlockTokens, bool Overlaps);

    /// <summary>The cost model of a deployment, made anew where the one before was another's.</summary>
    public PipelineCostModel Get(Key key, Func<PipelineCostModel> create)
    {
        if (_latest is null || key != _key)
        {
            (_latest, _key) = (create(), key);
        }

        return _latest;
    }
}
