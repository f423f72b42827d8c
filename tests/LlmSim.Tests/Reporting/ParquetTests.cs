using System.Globalization;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Reporting.Parquet;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Tests.Metrics;
using Parquet;
using Parquet.Schema;

namespace LlmSim.Tests.Reporting;

/// <summary>What is written as Parquet is read back by another implementation.</summary>
public sealed class ParquetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim").FullName;

    [Fact]
    public async Task Requests_are_those_of_the_csv()
    {
        string parquet = Write("requests.parquet", file => new RequestParquetSink(file), sink => Toy.Run(sink), sink => sink.Finish());
        string csv = Write("requests.csv", file => new RequestCsvSink(file), sink => Toy.Run(sink), sink => sink.Finish());
        await AssertSame(csv, parquet);
    }

    [Fact]
    public async Task Intervals_are_those_of_the_csv()
    {
        string parquet = Write("series.parquet", file => new SeriesParquetSink(file), Play, sink => sink.Finish());
        string csv = Write("series.csv", file => new SeriesCsvSink(file), Play, sink => sink.Finish());
        await AssertSame(csv, parquet);

        static void Play(SeriesSink sink) => Toy.Play(new SeriesMeter(new MetricsCollector(Toy.Limits), sink, 7_000_000, 40));
    }

    [Fact]
    public async Task Many_rows_come_in_groups_with_every_nanosecond_and_gap()
    {
        const int rows = 70_001;
        string path = Write("many.parquet", file => new RequestParquetSink(file), sink =>
        {
            for (long i = 0; i < rows; i++)
            {
                var finish = new SimTime(1_000_000_007 * i);
                sink.Write(new RequestRecord(i, default, default, default, default, finish, 1, i % 3 == 0 ? 1 : 2, 0));
            }
        }, sink => sink.Finish());
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        Assert.Equal(3, reader.RowGroupCount);
        (long[] ids, double?[] tpots) = (new long[rows], new double?[rows]);
        int at = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rowGroup = reader.OpenRowGroupReader(group);
            int count = (int)rowGroup.RowCount;
            await rowGroup.ReadAsync<long>(reader.Schema.FindDataField("request_id"), ids.AsMemory(at, count));
            await rowGroup.ReadAsync<double>(reader.Schema.FindDataField("tpot_s"), tpots.AsMemory(at, count));
            at += count;
        }

        Assert.Equal(rows, at);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => (long)i), ids);
        Assert.Equal(Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? null : (double?)(1_000_000_007L * i / 1e9)), tpots);
    }

    [Fact]
    public async Task A_file_without_rows_is_a_table_too()
    {
        string path = Write("empty.parquet", file => new SeriesParquetSink(file), _ => { }, sink => sink.Finish());
        await using ParquetReader reader = await ParquetReader.CreateAsync(path);
        Assert.Equal((0, 10), (reader.RowGroupCount, reader.Schema.DataFields.Length));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task AssertSame(string csv, string parquet)
    {
        string[][] lines = [.. File.ReadAllLines(csv).Select(line => line.Split(','))];
        await using ParquetReader reader = await ParquetReader.CreateAsync(parquet);
        Assert.Equal(lines[0], reader.Schema.DataFields.Select(field => field.Name));
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(lines.Length - 1, group.RowCount);
        for (int column = 0; column < lines[0].Length; column++)
        {
            DataField field = reader.Schema.DataFields[column];
            double?[] expected = [.. lines.Skip(1).Select(line => line[column].Length == 0 ? null : (double?)double.Parse(line[column], CultureInfo.InvariantCulture))];
            Assert.Equal(expected, await Read(group, field));
        }
    }

    private static async Task<double?[]> Read(ParquetRowGroupReader group, DataField field)
    {
        var values = new double?[group.RowCount];
        if (field.ClrType == typeof(long))
        {
            var whole = new long[group.RowCount];
            await group.ReadAsync<long>(field, whole.AsMemory());
            return [.. whole.Select(value => (double?)value)];
        }

        if (field.IsNullable)
        {
            await group.ReadAsync<double>(field, values.AsMemory());
            return values;
        }

        var numbers = new double[group.RowCount];
        await group.ReadAsync<double>(field, numbers.AsMemory());
        return [.. numbers.Select(value => (double?)value)];
    }

    private string Write<T>(string name, Func<AtomicFile, T> create, Action<T> fill, Action<T> finish)
    {
        string path = Path.Combine(_folder, name);
        using AtomicFile file = AtomicFile.Create(path, "--requests");
        T sink = create(file);
        fill(sink);
        finish(sink);
        file.Commit();
        return path;
    }
}
