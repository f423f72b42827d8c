using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Samples;

/// <summary>A decode step of a mixture of experts, as the batch grows, against a dense model of as many active parameters.</summary>
internal static class Experts
{
    public static void Run(TextWriter output)
    {
        ModelSpec mixture = ModelCatalog.Get("mixtral-8x7b"), dense = ModelCatalog.Get("llama-2-13b");
        ExpertsSpec experts = mixture.Experts!;
        var table = new TextTable("batch", "experts met", "mixtral-8x7b ms", "llama-2-13b ms", "ratio");
        var ratios = new List<double>();
        foreach (int batch in new[] { 1, 2, 4, 8, 32, 128 })
        {
            double moe = StepMs(mixture, batch), plain = StepMs(dense, batch);
            ratios.Add(moe / plain);
            table.Add($"{batch}", $"{ModelFigures.DistinctExperts(experts.Count, experts.PerToken, batch):0.0} of {experts.Count}",
                $"{moe:0.00}", $"{plain:0.00}", $"{moe / plain:0.0}");
        }

        table.Write(output);
        output.WriteLine($"Both compute with {mixture.ActiveParameterCount() / 1e9:0}B parameters a token, but a batch meets all experts: "
            + $"from {ratios[0]:0.0} times a dense model's time alone to {ratios.Max():0.0} times in a batch.");
    }

    private static double StepMs(ModelSpec model, int batch)
    {
        var cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") };
        var cost = new PipelineCostModel([new TransformerCostModel(model, cluster, tensorParallel: 2, new HostSpec(), asynchronous: true, maxTokens: 128)]);
        BatchShape shape = cost.NewBatch();
        shape.AddDecode(batch, batch * 512L);
        return cost.Explain(shape).GpuSeconds * 1e3;
    }
}
