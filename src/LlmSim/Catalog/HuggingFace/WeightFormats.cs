using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Number formats of a checkpoint.</summary>
/// <param name="Weights">Matrices of the layers.</param>
/// <param name="Experts">Experts, where they differ.</param>
/// <param name="Cache">KV cache; null for the engine's choice.</param>
internal sealed record WeightFormats(DataType Weights, DataType? Experts, DataType? Cache);
