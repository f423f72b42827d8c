namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>One column of a row group: where its pages are and what they hold.</summary>
/// <param name="Column">Place of the column in the schema.</param>
/// <param name="Offset">First byte of its first page in the file.</param>
/// <param name="Values">Values, missing ones included.</param>
/// <param name="Codec">Member of Parquet's CompressionCodec.</param>
internal readonly record struct ColumnChunk(int Column, int Offset, int Values, int Codec)
{
    /// <summary>Reads the entry of a row group.</summary>
    /// <param name="reader">At the entry.</param>
    /// <param name="column">Place of the column in the schema.</param>
    public static ColumnChunk Read(ref ThriftReader reader, int column)
    {
        const int metaData = 3;
        ColumnChunk chunk = default;
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            if (id == metaData)
            {
                chunk = ReadMetaData(ref reader, column);
            }
            else
            {
                reader.Skip(type);
            }
        }

        return chunk.Offset > 0 ? chunk : throw new InvalidDataException("a column without pages");
    }

    private static ColumnChunk ReadMetaData(ref ThriftReader reader, int column)
    {
        (int codec, int values, int data, int dictionary) = (0, 0, 0, 0);
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            switch (id)
            {
                case 4:
                    codec = reader.Count();
                    break;
                case 5:
                    values = reader.Count();
                    break;
                case 9:
                    data = reader.Count();
                    break;
                case 11:
                    dictionary = reader.Count();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new ColumnChunk(column, dictionary > 0 ? Math.Min(dictionary, data) : data, values, codec);
    }
}
