using System.Text;

namespace LlmSim.Planning.Sweeps;

/// <summary>What a file of a sweep's results begins with: which sweep they are of.</summary>
internal sealed record SweepHeader
{
    /// <summary>Version of llmsim that simulated.</summary>
    public required string Version { get; init; }

    /// <summary>The sweep's hash.</summary>
    public required ulong Hash { get; init; }

    /// <summary>Which part of the sweep.</summary>
    public required Shard Shard { get; init; }

    /// <summary>What all runs share, in words.</summary>
    public required string About { get; init; }

    /// <summary>The axes of each dimension.</summary>
    public required IReadOnlyList<IReadOnlyList<SweepColumn>> Columns { get; init; }

    /// <summary>The points of the sweep.</summary>
    public SweepGrid Grid => field ??= new SweepGrid(Columns.Select(columns => columns[0].Texts.Count));

    /// <summary>What the results of a sweep that this llmsim simulates begin with.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="shard">Which part of it.</param>
    public static SweepHeader Of(SweepSpec sweep, Shard shard) => new()
    {
        Version = SimulatorVersion.Text,
        Hash = SweepHash.Of(sweep),
        Shard = shard,
        About = NodeText.Of(sweep.Scenario)[1..^1],
        Columns = sweep.Columns,
    };

    /// <summary>The values of a point's axes, as they were written, axis by axis.</summary>
    public IEnumerable<string> Texts(long point)
    {
        for (int dimension = 0; dimension < Columns.Count; dimension++)
        {
            int place = Grid.At(point, dimension);
            foreach (SweepColumn column in Columns[dimension])
            {
                yield return column.Texts[place];
            }
        }
    }

    /// <summary>The header as bytes.</summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(Hash);
        writer.Write(Shard.Number);
        writer.Write(Shard.Count);
        writer.Write(About);
        WriteList(writer, Columns, columns => WriteList(writer, columns, column =>
        {
            writer.Write(column.Name);
            WriteList(writer, column.Texts, writer.Write);
        }));
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <param name="bytes">The bytes, whose checksum was right.</param>
    public static SweepHeader Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        return new SweepHeader
        {
            Version = reader.ReadString(),
            Hash = reader.ReadUInt64(),
            Shard = new Shard(reader.ReadInt32(), reader.ReadInt32()),
            About = reader.ReadString(),
            Columns = ReadList(reader, () => ReadList(reader, () => new SweepColumn(reader.ReadString(), ReadList(reader, reader.ReadString)))),
        };
    }

    private static void WriteList<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (T item in items)
        {
            write(item);
        }
    }

    private static T[] ReadList<T>(BinaryReader reader, Func<T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read();
        }

        return items;
    }
}
