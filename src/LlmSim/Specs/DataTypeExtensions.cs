namespace LlmSim.Specs;

/// <summary>Sizes of the number formats.</summary>
public static class DataTypeExtensions
{
    /// <summary>Bytes one element takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="DataType"/>.</exception>
    public static int BytesPerElement(this DataType type) => type switch
    {
        DataType.Bf16 or DataType.Fp16 => 2,
        DataType.Fp32 => 4,
        DataType.Fp8 or DataType.Int8 => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a known data type"),
    };
}
