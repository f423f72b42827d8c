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
}
