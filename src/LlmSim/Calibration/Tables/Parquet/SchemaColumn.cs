namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>A column as the schema has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its physical type.</param>
/// <param name="IsOptional">Whether values may be missing.</param>
internal sealed record SchemaColumn(string Name, PhysicalType Type, bool IsOptional)
{
    private const int Optional = 1;
    private const int Repeated = 2;

    /// <summary>Reads an element of a schema.</summary>
    /// <exception cref="InvalidDataException">It is a group, a list, or of a kind that tables of numbers and names do not have.</exception>
    public static SchemaColumn Read(ref ThriftReader reader)
    {
        (int kind, int repetition, int children, bool isDecimal) = (-1, 0, 0, false);
        string name = "";
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            switch (id)
            {
                case 1:
                    kind = reader.Count();
                    break;
                case 3:
                    repetition = reader.Count();
                    break;
                case 4:
                    name = reader.Text();
                    break;
                case 5:
                    children = reader.Count();
                    break;
                case 8:
                    isDecimal |= reader.Count() > 0; // precision
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        bool isRead = (PhysicalType)kind is PhysicalType.Boolean or PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float
            or PhysicalType.Double or PhysicalType.ByteArray;
        return children > 0 || repetition == Repeated ? throw new InvalidDataException($"nested column {name}; only flat tables are read")
            : !isRead || isDecimal ? throw new InvalidDataException($"column {name} of another type than integers, floating-point numbers, text and truth values")
            : new SchemaColumn(name, (PhysicalType)kind, repetition == Optional);
    }
}
