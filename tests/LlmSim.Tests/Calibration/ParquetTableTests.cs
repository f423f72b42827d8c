using System.Buffers.Binary;
using CsCheck;
using LlmSim.Calibration.Tables.Parquet;
using LlmSim.Reporting.Parquet;
using Parquet;
using Parquet.Schema;

namespace LlmSim.Tests.Calibration;

/// <summary>Tables that another implementation, our own writer and hand-made bytes hold are read back.</summary>
public sealed class ParquetTableTests : IDisposable
{
    private const int Rows = 5000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmsim-parquet-");

    private static readonly string[] Names = ["whole", "large", "time", "single", "flag", "text", "constant", "maybe"];

    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task Every_kind_of_column_comes_back(CompressionMethod method)
    {
        var columns = ParquetTable.Read(await Write(method));
        Assert.Equal(Names, columns.Select(column => column.Name));
        Assert.All(columns, column => Assert.Equal(2 * Rows, column.Values.Count));
        for (int row = 0; row < 2 * Rows; row++)
        {
            int i = row % Rows;
            Assert.Equal(
                [$"{i * 7 - 100}", $"{i % 20 * 10_000_000_000L}", $"{Time(i):R}", $"{i / 8f:R}", i % 3 == 0 ? "true" : "false", Text(i), "same", i % 5 == 0 ? null : $"{i % 11}"],
                columns.Select(column => column.Values[row]));
        }
    }

    [Fact]
    public async Task Only_the_columns_wanted_are_read() =>
        Assert.Equal(["time", "text"], ParquetTable.Read(await Write(CompressionMethod.Zstd), ["text", "time", "other"]).Select(column => column.Name));

    [Fact]
    public async Task Other_compressions_are_named() =>
        Assert.Contains("compression gzip", Refusal(await Write(CompressionMethod.Gzip)), StringComparison.Ordinal);

    [Fact]
    public void What_llmsim_writes_itself_is_read()
    {
        string path = Path.Combine(_folder.FullName, "own.parquet");
        var (whole, gaps) = (new ParquetColumn("whole", isWhole: true), new ParquetColumn("gaps", isWhole: false, isOptional: true));
        using (FileStream stream = File.Create(path))
        {
            var file = new ParquetFile(stream, whole, gaps);
            for (long i = 0; i < 40_000; i++)
            {
                whole.Add(i);
                if (i % 7 == 0)
                {
                    gaps.AddMissing();
                }
                else
                {
                    gaps.Add(i / 10.0);
                }

                file.EndRow();
            }

            file.Finish();
        }

        var columns = ParquetTable.Read(path);
        Assert.Equal(Enumerable.Range(0, 40_000).Select(i => $"{i}"), columns[0].Values);
        Assert.Equal(Enumerable.Range(0, 40_000).Select(i => i % 7 == 0 ? null : $"{i / 10.0:R}"), columns[1].Values);
    }

    [Fact]
    public void Pages_of_the_second_version_have_the_presence_of_values_in_front()
    {
        // Six rows, the second and the fifth missing: one packed group of levels 0b101101, then places 1, 0, 1, 1 of one bit each.
        string path = WriteSecondVersion([0x03, 0b101101], [0x01, 0x03, 0b1101]);
        Assert.Equal(["b", null, "a", "b", null, "b"], Assert.Single(ParquetTable.Read(path)).Values);
        Assert.Contains("without an entry", Refusal(WriteSecondVersion([0x0c, 0x01], [0x02, 0x0c, 0x03])), StringComparison.Ordinal);
        Assert.Contains("too few numbers", Refusal(WriteSecondVersion([0x0c, 0x01], [0x01, 0x04, 0x01])), StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_columns_are_named() =>
        Assert.Contains("nested column text", Refusal(WriteSecondVersion([0x03, 0b111111], [0x01, 0x03, 0], repetition: 2)), StringComparison.Ordinal);

    [Fact]
    public async Task Whatever_bytes_are_changed_the_file_is_read_or_refused_with_a_reason()
    {
        byte[] good = await File.ReadAllBytesAsync(await Write(CompressionMethod.Zstd));
        byte[] plain = await File.ReadAllBytesAsync(await Write(CompressionMethod.Snappy));
        string path = Path.Combine(_folder.FullName, "bad.parquet");
        Gen.Select(Gen.Bool, Gen.Int[1, 400], Gen.Int[0, 1_000_000], Gen.Byte, Gen.Bool).Sample((zstd, fromEnd, place, value, cut) =>
        {
            byte[] bytes = [.. zstd ? good : plain];
            bytes[fromEnd % 2 == 0 ? bytes.Length - fromEnd : place % bytes.Length] = value;
            File.WriteAllBytes(path, cut ? bytes[..^(place % 100)] : bytes);
            try
            {
                ParquetTable.Read(path);
            }
            catch (InvalidDataException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }, iter: 300, threads: 1);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static double Time(int i) => 1e-3 * i / 3;

    private static string Text(int i) => i % 4 == 0 ? "" : $"kernel \u00b5{i % 300}";

    private static string Refusal(string path) => Assert.Throws<InvalidDataException>(() => ParquetTable.Read(path)).Message;

    // Two row groups; few different values are kept as a dictionary, others plain.
    private async Task<string> Write(CompressionMethod method)
    {
        string path = Path.Combine(_folder.FullName, $"{method}.parquet");
        var schema = new ParquetSchema(
            new DataField<int>("whole"), new DataField<long>("large"), new DataField<double>("time"), new DataField<float>("single"), new DataField<bool>("flag"),
            new DataField<string>("text"), new DataField<string>("constant"), new DataField<int?>("maybe"));
        var options = new ParquetOptions { CompressionMethod = method, DictionaryEncodingThreshold = 0.5 };
        await using FileStream stream = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, stream, options);
        for (int group = 0; group < 2; group++)
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            DataField[] fields = schema.DataFields;
            await rows.WriteAsync<int>(fields[0], All(i => i * 7 - 100));
            await rows.WriteAsync<long>(fields[1], All(i => i % 20 * 10_000_000_000L));
            await rows.WriteAsync<double>(fields[2], All(Time));
            await rows.WriteAsync<float>(fields[3], All(i => i / 8f));
            await rows.WriteAsync<bool>(fields[4], All(i => i % 3 == 0));
            await rows.WriteAsync(fields[5], Enumerable.Range(0, Rows).Select(Text).ToArray());
            await rows.WriteAsync(fields[6], Enumerable.Repeat("same", Rows).ToArray());
            await rows.WriteAsync<int>(fields[7], All(i => i % 5 == 0 ? null : (int?)(i % 11)));
        }

        return path;

        static ReadOnlyMemory<T> All<T>(Func<int, T> value) => Enumerable.Range(0, Rows).Select(value).ToArray();
    }

    // One column of six texts with the dictionary a, b, not packed.
    private string WriteSecondVersion(byte[] presence, byte[] places, int repetition = 1)
    {
        string path = Path.Combine(_folder.FullName, "second.parquet");
        using var file = new MemoryStream();
        var thrift = new ThriftWriter();
        file.Write("PAR1"u8);
        byte[] dictionary = [1, 0, 0, 0, (byte)'a', 1, 0, 0, 0, (byte)'b'];
        thrift.WriteInt32(1, 2);
        thrift.WriteInt32(2, dictionary.Length);
        thrift.WriteInt32(3, dictionary.Length);
        thrift.Begin(7);
        thrift.WriteInt32(1, 2);
        thrift.WriteInt32(2, 0);
        thrift.End();
        thrift.End();
        Flush();
        file.Write(dictionary);
        thrift.WriteInt32(1, 3);
        thrift.WriteInt32(2, presence.Length + places.Length);
        thrift.WriteInt32(3, presence.Length + places.Length);
        thrift.Begin(8);
        thrift.WriteInt32(1, 6);
        thrift.WriteInt32(2, 2);
        thrift.WriteInt32(3, 6);
        thrift.WriteInt32(4, 8);
        thrift.WriteInt32(5, presence.Length);
        thrift.WriteInt32(6, 0);
        thrift.End();
        thrift.End();
        Flush();
        file.Write(presence);
        file.Write(places);
        long footer = file.Length;
        thrift.BeginStructList(2, 2);
        thrift.BeginElement();
        thrift.WriteText(4, "schema");
        thrift.End();
        thrift.BeginElement();
        thrift.WriteInt32(1, 6);
        thrift.WriteInt32(3, repetition);
        thrift.WriteText(4, "text");
        thrift.End();
        thrift.BeginStructList(4, 1);
        thrift.BeginElement();
        thrift.BeginStructList(1, 1);
        thrift.BeginElement();
        thrift.Begin(3);
        thrift.WriteInt32(4, 0);
        thrift.WriteInt64(5, 6);
        thrift.WriteInt64(9, 4);
        thrift.End();
        thrift.End();
        thrift.End();
        thrift.End();
        Flush();
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, (int)(file.Length - footer));
        file.Write(length);
        file.Write("PAR1"u8);
        File.WriteAllBytes(path, file.ToArray());
        return path;

        void Flush()
        {
            file.Write(thrift.Written);
            thrift.Clear();
        }
    }
}
