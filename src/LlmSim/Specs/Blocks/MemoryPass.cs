namespace LlmSim.Specs.Blocks;

/// <summary>A kernel that only moves data: norms, activations, rotary embedding, copies.</summary>
/// <param name="Operator">What reports call it.</param>
/// <param name="Elements">Elements of activations read and written for each token.</param>
/// <param name="CacheElements">Elements in the KV cache's format written for each token. Default 0.</param>
public sealed record MemoryPass(StepOperator Operator, double Elements, double CacheElements = 0) : BlockKernel;
