using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the way a model is laid over GPUs.</summary>
internal static class LayoutChecks
{
    /// <summary>Checks the layout; how the model splits only if its own figures are fine.</summary>
    public static void Check(ProblemList list, SimulatorConfig config, bool hasModel)
    {
        int degree = config.Parallelism.TensorParallel;
        int? gpus = config.Cluster.GpuCount;
        list.AtLeast(1, "num_gpus", gpus, "Leave it out for as many as the layout needs.");
        list.AtLeast(1, "tensor_parallel", degree, "Use 1 for a single GPU.");
        if (degree < 1)
        {
            return;
        }

        list.Require(gpus is null or < 1 || degree <= gpus, "tensor_parallel", degree, $"at most num_gpus, which is {gpus}",
            $"Set num_gpus to {degree} or more, or leave it out.");
        ModelSpec model = config.Model;
        if (hasModel && !model.Divides(degree))
        {
            var possible = Enumerable.Range(1, model.AttentionHeads).Where(n => model.Divides(n) && (gpus is null || n <= gpus)).ToList();
            list.Require(false, "tensor_parallel", degree,
                $"{string.Join(", ", possible)}: what splits {model.AttentionHeads} attention heads, {model.KvHeads} KV heads "
                + $"(shared out or copied whole) and {Widths(model)} evenly",
                $"Use {Nearest(possible, degree)}.");
        }
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
