namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>What a page says of itself.</summary>
internal readonly record struct PageHeader
{
    /// <summary>Data, with the presence of values packed as well.</summary>
    public const int Data = 0;

    /// <summary>The dictionary of a column.</summary>
    public const int Dictionary = 2;

    /// <summary>Data, with the presence of values before what is packed.</summary>
    public const int DataV2 = 3;

    /// <summary>What it holds: member of Parquet's PageType.</summary>
    public int Kind { get; private init; }

    /// <summary>Bytes after the header.</summary>
    public int PackedBytes { get; private init; }

    /// <summary>These bytes, unpacked.</summary>
    public int Bytes { get; private init; }

    /// <summary>Values, missing ones included.</summary>
    public int Values { get; private init; }

    /// <summary>Member of Parquet's Encoding.</summary>
    public int Encoding { get; private init; }

    /// <summary>Bytes that say which values are there, of the second version.</summary>
    public int PresenceBytes { get; private init; }

    /// <summary>Whether values are packed; the second version can leave that out for a page.</summary>
    public bool IsPacked { get; private init; }

    /// <summary>Reads a header.</summary>
    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader { IsPacked = true };
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            switch (id)
            {
                case 1:
                    header = header with { Kind = reader.Count() };
                    break;
                case 2:
                    header = header with { Bytes = reader.Count() };
                    break;
                case 3:
                    header = header with { PackedBytes = reader.Count() };
                    break;
                case 5 or 7: // data page, dictionary page: number of values, encoding
                    header = ReadKind(ref reader, header, encoding: 2, presence: -1, packed: -1);
                    break;
                case 8: // data page of the second version
                    header = ReadKind(ref reader, header, encoding: 4, presence: 5, packed: 7);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return header;
    }

    private static PageHeader ReadKind(ref ThriftReader reader, PageHeader header, int encoding, int presence, int packed)
    {
        const int values = 1;
        const int isTrue = 1;
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            if (id == values)
            {
                header = header with { Values = reader.Count() };
            }
            else if (id == encoding)
            {
                header = header with { Encoding = reader.Count() };
            }
            else if (id == presence)
            {
                header = header with { PresenceBytes = reader.Count() };
            }
            else if (id == packed)
            {
                header = header with { IsPacked = type == isTrue };
            }
            else
            {
                reader.Skip(type);
            }
        }

        return header;
    }
}
