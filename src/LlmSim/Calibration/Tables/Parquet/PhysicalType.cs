namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>How values lie in a page: Parquet's Type, but for those that are not read.</summary>
internal enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>Whole, 32 bits.</summary>
    Int32 = 1,

    /// <summary>Whole, 64 bits.</summary>
    Int64 = 2,

    /// <summary>Floating point, 32 bits.</summary>
    Float = 4,

    /// <summary>Floating point, 64 bits.</summary>
    Double = 5,

    /// <summary>Text, after its length.</summary>
    ByteArray = 6,
}
