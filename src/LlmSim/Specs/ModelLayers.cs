using LlmSim.Specs.Blocks;

namespace LlmSim.Specs;

/// <summary>A model's layers as blocks.</summary>
public static class ModelLayers
{
    /// <summary>The kinds of layers: one for each layer group, or a single one when there are no groups.</summary>
    public static IReadOnlyList<LayerPlan> LayerPlans(this ModelSpec model) => model.LayerGroups.Count > 0
        ? [.. model.LayerGroups.Select(group => new LayerPlan(group.Count, BlocksOf(model, group)))]
        : [new LayerPlan(model.Layers, BlocksOf(model, Simple(model)))];

    /// <summary>
    /// The one bound on attention of the model's windowed layers, in tokens; 0 when no layer has one. The smallest, if
    /// blocks of your own should differ.
    /// </summary>
    public static int AttentionWindow(this ModelSpec model) => Windows(model).DefaultIfEmpty(0).Min();

    /// <summary>Whether this many GPUs can share every layer.</summary>
    public static bool Divides(this ModelSpec model, int ranks) =>
        model.LayerPlans().All(plan => plan.Blocks.All(block => block.Divides(ranks)));

    /// <summary>All kernels of the model's layers with how often each occurs, equal ones counted together.</summary>
    internal static IReadOnlyList<(long Count, BlockKernel Kernel)> LayerKernels(this ModelSpec model, int ranks)
    {
        var layout = new BlockLayout(model.HiddenSize, ranks);
        return [.. from plan in model.LayerPlans()
                   from block in plan.Blocks
                   from kernel in block.Kernels(layout)
                   group plan.Count by kernel into same
                   select (same.Sum(count => (long)count), same.Key)];
    }

    /// <summary>The different bounds on attention.</summary>
    internal static IReadOnlyList<int> Windows(this ModelSpec model) =>
    [
        .. model.LayerKernels(1).Select(entry => entry.Kernel).OfType<ContextAttention>()
            .Select(attention => attention.Window).Where(window => window > 0).Distinct(),
    ];

    private static LayerGroup Simple(ModelSpec model) => new()
    {
        Name = "all",
        Count = model.Layers,
        SlidingWindow = model.SlidingWindow,
        Experts = model.Experts,
    };

    private static ValueList<LayerBlock> BlocksOf(ModelSpec model, LayerGroup group) => group.Blocks.Count > 0
        ? group.Blocks
        : [.. Attention(model, group), .. Mlp(model, group)];

    private static IEnumerable<LayerBlock> Attention(ModelSpec model, LayerGroup group)
    {
        int heads = group.AttentionHeads ?? model.AttentionHeads;
        int headSize = group.HeadSize ?? model.HeadSize;
        if (heads > 0 && model.Latent is { } latent)
        {
            yield return new LatentAttention
            {
                Heads = heads,
                HeadSize = headSize,
                ValueHeadSize = group.ValueHeadSize ?? model.ValueHeadSize ?? headSize,
                Latent = latent,
            };
        }
        else if (heads > 0)
        {
            yield return new GroupedQueryAttention
            {
                Heads = heads,
                KvHeads = group.KvHeads ?? model.KvHeads,
                HeadSize = headSize,
                ValueHeadSize = group.ValueHeadSize ?? group.HeadSize ?? model.ValueHeadSize ?? headSize,
                Window = group.SlidingWindow ?? 0,
                QkNorm = model.QkNorm,
                PostNorm = model.SandwichNorms,
            };
        }
    }

    private static IEnumerable<LayerBlock> Mlp(ModelSpec model, LayerGroup group)
    {
        int width = group.FfnWidth ?? model.FfnWidth;
        if (group.Experts is { } experts)
        {
            yield return new MixtureOfExperts
            {
                Experts = experts,
                Gated = model.GatedMlp,
                PostNorm = model.SandwichNorms,
            };
        }
        else if (width > 0)
        {
            yield return new FeedForward { Width = width, Gated = model.GatedMlp, PostNorm = model.SandwichNorms };
        }
    }
}
