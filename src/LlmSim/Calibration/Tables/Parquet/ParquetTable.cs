using System.Buffers.Binary;

namespace LlmSim.Calibration.Tables.Parquet;

/// <summary>
/// Reads flat Apache Parquet tables as pyarrow, pandas, DuckDB and Polars write them by default: numbers and text, plain or by
/// dictionary, not compressed or by snappy or zstd.
/// </summary>
/// <remarks>
/// The format is <c>parquet.thrift</c> in apache/parquet-format. Written here because the libraries there are for .NET bring
/// reflection, which does not go with a native command.
/// </remarks>
internal static class ParquetTable
{
    private const int Plain = 0;
    private const int PlainDictionary = 2; // the old name of the same
    private const int DictionaryPlaces = 8;
    private const int TailBytes = 8;
    private const int MostRows = 1 << 24;

    /// <summary>Reads columns of a table; null for a missing value.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Names of the columns to read; null for all.</param>
    /// <returns>The columns by name, in the file's order.</returns>
    /// <exception cref="InvalidDataException">It is no such table; the message names what is found.</exception>
    public static IReadOnlyList<(string Name, List<string?> Values)> Read(string path, IReadOnlyCollection<string>? wanted = null)
    {
        byte[] file = File.ReadAllBytes(path);
        (List<SchemaColumn> schema, List<ColumnChunk> chunks) = ReadFooter(file);
        var columns = new List<(string, List<string?>)>();
        for (int i = 0; i < schema.Count; i++)
        {
            if (wanted is not null && !wanted.Contains(schema[i].Name))
            {
                continue;
            }

            var values = new List<string?>();
            foreach (ColumnChunk chunk in chunks.Where(chunk => chunk.Column == i))
            {
                ReadChunk(file, chunk, schema[i], values);
            }

            columns.Add((schema[i].Name, values));
        }

        return columns;
    }

    private static (List<SchemaColumn> Schema, List<ColumnChunk> Chunks) ReadFooter(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 + TailBytes || !file.StartsWith("PAR1"u8) || !file.EndsWith("PAR1"u8))
        {
            throw new InvalidDataException("no Parquet file, or one that is cut off");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(file[^TailBytes..]);
        if (length < 0 || length > file.Length - 4 - TailBytes)
        {
            throw new InvalidDataException("a footer that is cut off");
        }

        var reader = new ThriftReader(file.Slice(file.Length - TailBytes - length, length));
        var schema = new List<SchemaColumn>();
        var chunks = new List<ColumnChunk>();
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            switch (id)
            {
                case 2:
                    int elements = reader.List();
                    reader.SkipStruct();
                    for (int i = 1; i < elements; i++)
                    {
                        schema.Add(SchemaColumn.Read(ref reader));
                    }

                    break;
                case 4:
                    for (int left = reader.List(); left > 0; left--)
                    {
                        ReadGroup(ref reader, chunks);
                    }

                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return (schema, chunks);
    }

    private static void ReadGroup(ref ThriftReader reader, List<ColumnChunk> chunks)
    {
        const int columns = 1;
        int id = 0;
        while (reader.Next(ref id, out int type))
        {
            if (id == columns)
            {
                int count = reader.List();
                for (int i = 0; i < count; i++)
                {
                    chunks.Add(ColumnChunk.Read(ref reader, i));
                }
            }
            else
            {
                reader.Skip(type);
            }
        }
    }

    private static void ReadChunk(ReadOnlySpan<byte> file, ColumnChunk chunk, SchemaColumn column, List<string?> values)
    {
        int end = values.Count + Math.Min(chunk.Values, MostRows);
        string[] dictionary = [];
        int position = chunk.Offset;
        while (values.Count < end)
        {
            var reader = new ThriftReader(position < file.Length ? file[position..] : []);
            PageHeader header = PageHeader.Read(ref reader);
            position += reader.Position;
            if (header.PackedBytes > file.Length - position || header.Values > MostRows)
            {
                throw new InvalidDataException($"a page of column {column.Name} that is cut off");
            }

            ReadOnlySpan<byte> packed = file.Slice(position, header.PackedBytes);
            position += header.PackedBytes;
            switch (header.Kind)
            {
                case PageHeader.Dictionary:
                    dictionary = ReadDictionary(PageCodec.Unpack(chunk.Codec, packed, header.Bytes), header, column.Type);
                    break;
                case PageHeader.Data:
                    ReadOnlySpan<byte> page = PageCodec.Unpack(chunk.Codec, packed, header.Bytes);
                    int presence = column.IsOptional ? SizedPresence(page) : 0;
                    AddValues(page[presence..], column.IsOptional ? page[sizeof(int)..presence] : [], header, column, dictionary, values);
                    break;
                case PageHeader.DataV2:
                    presence = header.PresenceBytes <= Math.Min(packed.Length, header.Bytes)
                        ? header.PresenceBytes
                        : throw new InvalidDataException("a page that is cut off");
                    page = header.IsPacked ? PageCodec.Unpack(chunk.Codec, packed[presence..], header.Bytes - presence) : packed[presence..];
                    AddValues(page, packed[..presence], header, column, dictionary, values);
                    break;
            }
        }
    }

    // Which values are there, after the number of bytes that says so.
    private static int SizedPresence(ReadOnlySpan<byte> page)
    {
        int size = page.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(page) : -1;
        return size >= 0 && size <= page.Length - sizeof(int) ? size + sizeof(int) : throw new InvalidDataException("a page that is cut off");
    }

    private static string[] ReadDictionary(ReadOnlySpan<byte> page, PageHeader header, PhysicalType type)
    {
        var plain = new PlainValues(page, type);
        string[] dictionary = new string[header.Values];
        for (int i = 0; i < dictionary.Length; i++)
        {
            dictionary[i] = plain.Next();
        }

        return dictionary;
    }

    private static void AddValues(
        ReadOnlySpan<byte> page, ReadOnlySpan<byte> presence, PageHeader header, SchemaColumn column, string[] dictionary, List<string?> values)
    {
        bool isPlain = header.Encoding == Plain;
        if (!isPlain && header.Encoding is not (PlainDictionary or DictionaryPlaces))
        {
            throw new InvalidDataException($"encoding {header.Encoding} of column {column.Name}; plain and dictionary are read");
        }

        var present = new RunReader(presence, bits: 1);
        var plain = new PlainValues(page, column.Type);
        int bits = isPlain || page.Length == 0 ? 0 : page[0];
        var places = new RunReader(isPlain || page.Length == 0 ? [] : page[1..], bits < 32 ? bits : throw new InvalidDataException("a dictionary too large"));
        for (int i = 0; i < header.Values; i++)
        {
            if (column.IsOptional && present.Next() == 0)
            {
                values.Add(null);
            }
            else if (isPlain)
            {
                values.Add(plain.Next());
            }
            else
            {
                int place = places.Next();
                values.Add(place < dictionary.Length ? dictionary[place] : throw new InvalidDataException($"a value of column {column.Name} without an entry in the dictionary"));
            }
        }
    }
}
