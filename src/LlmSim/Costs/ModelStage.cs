using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>What one stage of a pipeline holds of a model.</summary>
/// <param name="Model">The model with this stage's layers only.</param>
/// <param name="HasEmbedding">Whether tokens enter here: the first stage.</param>
/// <param name="HasHead">Whether tokens are sampled here: the last stage.</param>
/// <param name="LinkToNext">Link over which activations go to the next stage; null for the last.</param>
public sealed record ModelStage(ModelSpec Model, bool HasEmbedding, bool HasHead, InterconnectSpec? LinkToNext)
{
    /// <summary>A model that is not split.</summary>
    public static ModelStage Whole(ModelSpec model) => new(model, HasEmbedding: true, HasHead: true, LinkToNext: null);

    /// <summary>
    /// Splits a model as vLLM does (<c>vllm/distributed/utils.py</c>, <c>get_pp_indices</c>): equal numbers of layers, what is left
    /// over to the stages before the last. Kinds of layers are mixed in each stage as in the whole model.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="cluster">The GPUs, stage after stage in order.</param>
    /// <param name="parallelism">The layout.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer layers than stages, or fewer stages than one.</exception>
    public static IReadOnlyList<ModelStage> Split(ModelSpec model, ClusterSpec cluster, ParallelismSpec parallelism)
    {
        int stages = parallelism.PipelineParallel;
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 1, nameof(parallelism));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stages, model.Layers, nameof(parallelism));
        if (stages == 1)
        {
            return [Whole(model)];
        }

        LayerGroup[] order = Order(model);
        var result = new List<ModelStage>();
        int first = 0;
        for (int stage = 0; stage < stages; stage++)
        {
            int count = LayersOf(model.Layers, stages, stage);
            bool isLast = stage == stages - 1;
            result.Add(new ModelStage(
                Part(model, order, first, count), stage == 0, isLast,
                isLast ? null : cluster.LinkBetween(stage * parallelism.TensorParallel, (stage + 1) * parallelism.TensorParallel)));
            first += count;
        }

        return result;
    }

    /// <summary>Layers of one stage.</summary>
    private static int LayersOf(int layers, int stages, int stage)
    {
        int left = layers % stages;
        bool takesOneMore = stage >= stages - 1 - left && stage < stages - 1;
        return (layers / stages) + (takesOneMore ? 1 : 0);
    }

    /// <summary>Each layer's group, kinds as evenly mixed as can be; empty for layers all alike.</summary>
    private static LayerGroup[] Order(ModelSpec model)
    {
        if (model.LayerGroups.Count == 0)
        {
            return [];
        }

        int[] taken = new int[model.LayerGroups.Count];
        var order = new LayerGroup[model.Layers];
        for (int layer = 0; layer < order.Length; layer++)
        {
            int next = Enumerable.Range(0, taken.Length).MaxBy(i =>
                ((long)model.LayerGroups[i].Count * (layer + 1)) - ((long)taken[i] * model.Layers));
            taken[next]++;
            order[layer] = model.LayerGroups[next];
        }

        return order;
    }

    private static ModelSpec Part(ModelSpec model, LayerGroup[] order, int first, int count) => order.Length == 0
        ? model with { Layers = count }
        : model with
        {
            Layers = count,
            LayerGroups = [.. order[first..(first + count)].CountBy(group => group).Select(pair => pair.Key with { Count = pair.Value })],
        };
}
