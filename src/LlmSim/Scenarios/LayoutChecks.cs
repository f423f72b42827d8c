using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the way a model is laid over GPUs.</summary>
internal static class LayoutChecks
{
    public static void Check(ProblemList list, SimulatorConfig config)
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
        if (model is { AttentionHeads: >= 1, KvHeads: >= 1, FfnWidth: >= 1 } && !model.Divides(degree))
        {
            var possible = Enumerable.Range(1, model.AttentionHeads).Where(n => model.Divides(n) && (gpus is null || n <= gpus)).ToList();
            list.Require(false, "tensor_parallel", degree,
                $"{string.Join(", ", possible)}: what splits {model.AttentionHeads} attention heads, {model.KvHeads} KV heads "
                + $"(shared out or copied whole) and an FFN of {model.FfnWidth} evenly",
                $"Use {Nearest(possible, degree)}.");
        }
    }

    private static string Nearest(List<int> possible, int degree)
    {
        int below = possible.LastOrDefault(n => n < degree), above = possible.FirstOrDefault(n => n > degree);
        return below == 0 ? $"{above}" : above == 0 ? $"{below}" : $"{below} or {above}";
    }
}
