namespace LlmSim.Specs;

/// <summary>Number format of weights, activations or KV-cache entries.</summary>
public enum DataType
{
    /// <summary>16-bit brain float, 2 bytes.</summary>
    Bf16,

    /// <summary>IEEE half precision, 2 bytes.</summary>
    Fp16,

    /// <summary>IEEE single precision, 4 bytes.</summary>
    Fp32,

    /// <summary>8-bit float (E4M3 or E5M2), 1 byte.</summary>
    Fp8,

    /// <summary>8-bit integer, 1 byte.</summary>
    Int8,

    /// <summary>
    /// 4-bit integer weights with a 16-bit scale and a 4-bit zero point for every 128 (GPTQ, AWQ): 0.52 bytes. Weights only:
    /// kernels widen them and compute in 16 bits.
    /// </summary>
    Int4,

    /// <summary>4-bit float weights with an 8-bit scale for every 32 (OCP MXFP4): 0.53 bytes. Weights only, as INT4.</summary>
    Mxfp4,
}
