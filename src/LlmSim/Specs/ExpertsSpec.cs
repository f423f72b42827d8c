namespace LlmSim.Specs;

/// <summary>A mixture of experts in place of the MLP: a router sends each token to a few of many small MLPs.</summary>
/// <remarks>Hugging Face names: num_local_experts or n_routed_experts, num_experts_per_tok, moe_intermediate_size.</remarks>
public sealed record ExpertsSpec
{
    /// <summary>Experts in each layer. At least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Experts that each token goes to. At least 1, at most <see cref="Count"/>.</summary>
    public required int PerToken { get; init; }

    /// <summary>Inner width of one expert. At least 1.</summary>
    public required int Width { get; init; }

    /// <summary>Inner width of the MLP that every token passes as well (all shared experts together). Default 0, none.</summary>
    public int SharedWidth { get; init; }

    /// <summary>Number format of the experts' weights; null means the model's.</summary>
    public DataType? WeightType { get; init; }
}
