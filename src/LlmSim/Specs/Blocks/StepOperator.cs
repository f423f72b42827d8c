namespace LlmSim.Specs.Blocks;

/// <summary>The operators of a step, in the order they run.</summary>
public enum StepOperator
{
    /// <summary>Embedding lookup.</summary>
    Embedding,

    /// <summary>The norms of each layer, residual sums fused in.</summary>
    Norms,

    /// <summary>Query, key and value projection.</summary>
    QkvProjection,

    /// <summary>Rotary embedding, and writing keys and values to the cache.</summary>
    RotaryAndKvWrite,

    /// <summary>Latent attention of prompts: keys and values of each head from the latent vectors that they see.</summary>
    LatentExpansion,

    /// <summary>Prefill attention: QKᵀ. Reads queries and keys; the scores stay on chip.</summary>
    PrefillScores,

    /// <summary>Prefill attention: softmax·V. Reads values and writes outputs; same kernel as the scores.</summary>
    PrefillValues,

    /// <summary>Decode attention: QKᵀ. Reads keys; the scores stay on chip.</summary>
    DecodeScores,

    /// <summary>Decode attention: softmax·V. Reads values; same kernel as the scores.</summary>
    DecodeValues,

    /// <summary>Projection of the attention output.</summary>
    OutputProjection,

    /// <summary>MLP: gate and up projection in one product, or up alone where the MLP is not gated.</summary>
    MlpUp,

    /// <summary>MLP: activation function and gating.</summary>
    MlpActivation,

    /// <summary>MLP: down projection.</summary>
    MlpDown,

    /// <summary>Mixture of experts: scores of the experts, and choosing among them.</summary>
    Router,

    /// <summary>Mixture of experts: both products and the activation of the experts chosen, and adding them up.</summary>
    Experts,

    /// <summary>Tensor-parallel all-reduces: two a layer, one behind the embedding.</summary>
    AllReduce,

    /// <summary>Norm before the LM head.</summary>
    FinalNorm,

    /// <summary>LM head, on sampled rows only.</summary>
    LmHead,

    /// <summary>Gathering the logits from all tensor-parallel GPUs.</summary>
    LogitsGather,

    /// <summary>Choosing the next tokens.</summary>
    Sampler,

    /// <summary>Sending activations to the next pipeline stage.</summary>
    StageTransfer,

    /// <summary>Moving KV blocks to host memory and back, where a preempted request is swapped.</summary>
    KvSwap,
}
