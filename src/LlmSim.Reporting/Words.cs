using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Reporting;

/// <summary>How values are written in files and on the screen.</summary>
internal static class Words
{
    /// <summary>A class of step time.</summary>
    public static string Of(CostClass costClass) => costClass switch
    {
        CostClass.Compute => "compute",
        CostClass.Memory => "memory",
        CostClass.Communication => "communication",
        CostClass.Latency => "latency",
        CostClass.Host => "host",
        _ => throw new ArgumentOutOfRangeException(nameof(costClass), costClass, "not a known class"),
    };

    /// <summary>A number format, as engines' flags write it.</summary>
    public static string Of(DataType type) => type switch
    {
        DataType.Bf16 => "bf16",
        DataType.Fp16 => "fp16",
        DataType.Fp32 => "fp32",
        DataType.Fp8 => "fp8",
        DataType.Int8 => "int8",
        DataType.Int4 => "int4",
        DataType.Mxfp4 => "mxfp4",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a known data type"),
    };

    /// <summary>A law of lengths, as files and flags write it.</summary>
    public static string Of(LengthSpec length) => length.Distribution switch
    {
        LengthDistribution.Fixed => $"{length.Mean}",
        LengthDistribution.Uniform => $"uniform:{length.Min}..{length.Max}",
        LengthDistribution.Lognormal => $"lognormal:mean={length.Mean},sigma={length.Sigma}",
        _ => throw new ArgumentOutOfRangeException(nameof(length), length.Distribution, "not a known law"),
    };
}
