namespace LlmSim.Specs.Blocks;

/// <summary>The all-reduce that adds up the GPUs' parts of a block's output; nothing on one GPU.</summary>
public sealed record ResidualReduction : BlockKernel;
