namespace LlmSim.Specs;

/// <summary>How the model is laid over the GPUs: tensor × pipeline × data parallelism.</summary>
public sealed record ParallelismSpec
{
    /// <summary>Tensor-parallel degree: GPUs that share each layer. At least 1, divides the attention heads. Default 1.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>Pipeline stages, each with its share of the layers. From 1 to the number of layers. Default 1.</summary>
    public int PipelineParallel { get; init; } = 1;

    /// <summary>Replicas of the whole, each with an engine of its own. At least 1. Default 1.</summary>
    public int DataParallel { get; init; } = 1;

    /// <summary>How requests are shared out among the replicas. Default round robin.</summary>
    public RoutingPolicy Routing { get; init; }

    /// <summary>GPUs that the layout takes.</summary>
    public int Gpus => TensorParallel * PipelineParallel * DataParallel;
}
