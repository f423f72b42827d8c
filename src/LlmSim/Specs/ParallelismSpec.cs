namespace LlmSim.Specs;

/// <summary>How the model is laid over the GPUs.</summary>
public sealed record ParallelismSpec
{
    /// <summary>Tensor-parallel degree: GPUs that share each layer. At least 1, divides the attention heads. Default 1.</summary>
    public int TensorParallel { get; init; } = 1;
}
