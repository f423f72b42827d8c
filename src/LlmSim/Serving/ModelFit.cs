using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>Whether a model fits GPUs of one kind.</summary>
/// <param name="Model">The model.</param>
/// <param name="TensorParallel">Fewest GPUs that hold it; null when a node of them does not.</param>
/// <param name="KvTokens">Tokens that the KV cache then holds; 0 when it does not fit.</param>
public sealed record ModelFit(ModelSpec Model, int? TensorParallel, long KvTokens);
