using LlmSim.Specs.Blocks;

namespace LlmSim.Specs;

/// <summary>Layers of one kind as the blocks they are made of.</summary>
/// <param name="Count">Number of layers.</param>
/// <param name="Blocks">What each is made of, in running order.</param>
public sealed record LayerPlan(int Count, ValueList<LayerBlock> Blocks);
