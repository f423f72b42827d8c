namespace LlmSim.Specs;

/// <summary>Sizes of the number formats.</summary>
public static class DataTypeExtensions
{
    /// <summary>Bytes one element takes, its part of the scales of 4-bit formats included.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="DataType"/>.</exception>
    public static double BytesPerElement(this DataType type) => type switch
    {
        DataType.Bf16 or DataType.Fp16 => 2,
        DataType.Fp32 => 4,
        DataType.Fp8 or DataType.Int8 => 1,
        DataType.Int4 => (4 + (16 + 4) / 128.0) / 8,
        DataType.Mxfp4 => (4 + 8 / 32.0) / 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a known data type"),
    };
}
