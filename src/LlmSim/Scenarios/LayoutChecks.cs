using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the way a model is laid over GPUs.</summary>
internal static class LayoutChecks
{
    private const int MostReplicas = 4096;

    /// <summary>Checks the layout; how the model splits only if its own figures are fine.</summary>
    public static void Check(ProblemList list, SimulatorConfig config, bool hasModel)
    {
        ParallelismSpec layout = config.Parallelism;
        int degree = layout.TensorParallel;
        int? gpus = config.Cluster.GpuCount;
        list.AtLeast(1, "num_gpus", gpus, "Leave it out for as many as the layout needs.");
        list.AtLeast(1, "tensor_parallel", degree, "Use 1 for a single GPU.");
        list.AtLeast(1, "pipeline_parallel", layout.PipelineParallel, "Use 1 for no pipeline.");
        list.AtLeast(1, "data_parallel", layout.DataParallel, "Use 1 for a single replica.");
        list.Require(layout.DataParallel <= MostReplicas, "data_parallel", layout.DataParallel, $"at most {MostReplicas}", "Use fewer replicas.");
        list.AtLeast(1, "gpus_per_node", config.Cluster.GpusPerNode, "Use 8, as most servers have.");
        list.Known("router", layout.Routing);
        if (degree < 1 || layout.PipelineParallel < 1 || layout.DataParallel < 1)
        {
            return;
        }

        CheckGpus(list, layout, gpus);
        ModelSpec model = config.Model;
        list.Require(!hasModel || layout.PipelineParallel <= model.Layers, "pipeline_parallel", layout.PipelineParallel,
            $"at most the {model.Layers} layers of {model.Name}", "Use fewer stages.");
        if (hasModel && !model.Divides(degree))
        {
            var possible = Enumerable.Range(1, model.AttentionHeads).Where(n => model.Divides(n) && (gpus is null || n <= gpus)).ToList();
            list.Require(false, "tensor_parallel", degree,
                $"{string.Join(", ", possible)}: what splits {model.AttentionHeads} attention heads, {model.KvHeads} KV heads "
                + $"(shared out or copied whole) and {Widths(model)} evenly",
                $"Use {Nearest(possible, degree)}.");
        }
    }

    /// <summary>A layout that needs more GPUs than there are is told with those that do not.</summary>
    private static void CheckGpus(ProblemList list, ParallelismSpec layout, int? gpus)
    {
        if (gpus is not >= 1 || layout.Gpus <= gpus)
        {
            return;
        }

        if (layout is { PipelineParallel: 1, DataParallel: 1 })
        {
            list.Require(false, "tensor_parallel", layout.TensorParallel, $"at most num_gpus, which is {gpus}",
                $"Set num_gpus to {layout.Gpus} or more, or leave it out.");
            return;
        }

        IEnumerable<string> possible =
            from tensor in Enumerable.Range(1, layout.TensorParallel)
            from pipeline in Enumerable.Range(1, layout.PipelineParallel)
            where layout.TensorParallel % tensor == 0 && layout.PipelineParallel % pipeline == 0 && tensor * pipeline <= gpus
            select $"{tensor} x {pipeline} x {Math.Min(layout.DataParallel, gpus.Value / (tensor * pipeline))}";
        list.Require(false, "num_gpus", gpus,
            $"at least {layout.Gpus} for {layout.TensorParallel} x {layout.PipelineParallel} x {layout.DataParallel} (tensor x pipeline x data)",
            $"Set num_gpus to {layout.Gpus} or leave it out; on {gpus} fit {string.Join(", ", possible)}.");
    }

    private static string Widths(ModelSpec model)
    {
        var widths = model.LayerPlans().SelectMany(plan => plan.Blocks)
            .Select(block => block switch
            {
                FeedForward mlp => $"an FFN of {mlp.Width}",
                MixtureOfExperts mlp => $"experts of {mlp.Experts.Width}",
                _ => "",
            })
            .Where(text => text.Length > 0).Distinct();
        return string.Join(" and ", widths);
    }

    private static string Nearest(List<int> possible, int degree)
    {
        int below = possible.LastOrDefault(n => n < degree), above = possible.FirstOrDefault(n => n > degree);
        return below == 0 ? $"{above}" : above == 0 ? $"{below}" : $"{below} or {above}";
    }
}
