namespace LlmSim.Specs;

/// <summary>When requests join a batch.</summary>
public enum Batching
{
    /// <summary>At every step, and they leave when they are done (Orca's iteration-level scheduling, as vLLM does it).</summary>
    Continuous,

    /// <summary>A batch starts when it is full and ends when its longest member is done (FasterTransformer).</summary>
    Static,

    /// <summary>As static, but a batch also starts when its oldest request has waited long enough (Triton's dynamic batcher).</summary>
    Dynamic,
}
