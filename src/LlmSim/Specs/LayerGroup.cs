using LlmSim.Specs.Blocks;

namespace LlmSim.Specs;

/// <summary>
/// Layers of one kind, in a model whose layers are not all alike. Where in the model they stand makes no difference to
/// cost.
/// </summary>
/// <remarks>
/// Heads, head sizes and FFN width left out are the model's own; window and experts are those given here and no others.
/// </remarks>
public sealed record LayerGroup
{
    /// <summary>What the group is called, for example <c>local</c>. Not empty, and no other group's name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of layers. At least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Query heads; 0 for layers without attention. Default null, the model's.</summary>
    public int? AttentionHeads { get; init; }

    /// <summary>Key/value heads. Default null, the model's.</summary>
    public int? KvHeads { get; init; }

    /// <summary>Elements of a query or key head. Default null, the model's.</summary>
    public int? HeadSize { get; init; }

    /// <summary>Elements of a value head. Default null: the model's, or the head size where that is given here.</summary>
    public int? ValueHeadSize { get; init; }

    /// <summary>Tokens that each token attends to at most, itself included. At least 1. Default null, all.</summary>
    public int? SlidingWindow { get; init; }

    /// <summary>Inner width of the MLP; 0 for layers without one. Default null, the model's. Not used with experts.</summary>
    public int? FfnWidth { get; init; }

    /// <summary>Experts in place of the MLP. Default null, none.</summary>
    public ExpertsSpec? Experts { get; init; }

    /// <summary>
    /// Blocks of your own in place of attention and MLP: what the layer is made of, in order. Default none. For C# only:
    /// scenario files cannot hold them.
    /// </summary>
    public ValueList<LayerBlock> Blocks { get; init; } = [];
}
