using System.Globalization;
using System.Text.Json.Nodes;
using LlmSim.Planning.Sweeps;
using LlmSim.Tests.Cli;
using Parquet;
using Parquet.Schema;

namespace LlmSim.Tests.Sweeps;

/// <summary>What comes out of a sweep.</summary>
public sealed class SweepResultTests : IDisposable
{
    private static readonly Type Text = typeof(ReadOnlyMemory<char>);

    private readonly SweepFolder _folder = new();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void Results_do_not_depend_on_the_number_of_threads(string format)
    {
        byte[] one = _folder.Run($"one.{format}", "--threads", "1");
        Assert.Equal(one, _folder.Run($"two.{format}", "--threads", "2"));
        Assert.Equal(one, _folder.Run($"four.{format}", "--threads", "4"));
        Assert.Equal(one, _folder.Run($"all.{format}"));
    }

    [Fact]
    public void Each_row_is_a_run_of_its_own()
    {
        string bench = _folder["bench.json"];
        _folder.Run("out.csv", "--goodput", "ttft:200", "--price-per-gpu-hour", "2");
        string[][] rows = _folder.Rows("out.csv");
        foreach (string[] row in rows.Skip(1).Where(row => row[6] == "ok"))
        {
            Terminal.Print("run", "--gpu", "a100-80gb-sxm", "--num-requests", "40", "--request-rate", row[1], "--model", row[2], "--seed", row[3],
                "--tp", row[4], "--num-gpus", row[5], "--goodput", "ttft:200", "--price-per-gpu-hour", "2", "-q", "--bench-json", bench, "--metric-percentiles", "90,95,99");
            JsonNode expected = JsonNode.Parse(File.ReadAllText(bench))!;
            int compared = 0;
            for (int i = 7; i < row.Length; i++)
            {
                if (expected[rows[0][i]] is { } figure)
                {
                    Assert.Equal((double)figure, double.Parse(row[i], CultureInfo.InvariantCulture));
                    compared++;
                }
            }

            Assert.Equal(8 + 1 + 20, compared);
        }

        Assert.Equal(8, rows.Count(row => row[6] == "ok"));
    }

    [Fact]
    public void What_does_not_fit_has_a_row_without_figures()
    {
        _folder.Run("out.csv");
        string[] lines = File.ReadAllLines(_folder["out.csv"]);
        string unfit = Assert.Single(lines, line => line.StartsWith("3,2,llama-2-70b,2,1,1,does_not_fit,,,,", StringComparison.Ordinal));
        Assert.Contains("model: 129.1 GiB a GPU for llama-2-70b", unfit, StringComparison.Ordinal);
        string impossible = Assert.Single(lines, line => line.StartsWith("6,2,qwen2.5-7b,3,8,8,not_possible,,,,", StringComparison.Ordinal));
        Assert.Contains("tensor_parallel: 8 is not allowed", impossible, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Sweep, impossible, StringComparison.Ordinal); // the same from whichever folder
    }

    [Fact]
    public void The_screen_says_what_was_swept_and_which_runs_are_best()
    {
        string[] lines = Terminal.Print("sweep", _folder.Sweep, "--out", _folder["out.csv"]).Split('\n');
        Assert.Equal("Sweep      workload.request_rate 2 x model + seed 3 x tensor_parallel + num_gpus 2", lines[0]);
        Assert.Equal("Runs       12, of which 2 do not fit, 2 are not possible", lines[1]);
        Assert.Matches(@"^most output tokens/s +\d+\.\d +\d+ +20 +\S+ +\d +\d +\d$", lines[4]);
    }

    [Fact]
    public async Task Parquet_has_the_columns_of_the_csv_numbers_as_numbers()
    {
        _folder.Write("sweep.yaml", "scenario: {gpu: l4, workload: {num_requests: 10}}\naxes:\n  model: [llama-3.2-1b, llama-2-70b]\n"
            + "  workload.request_rate: [1, 2.5]\n  seed: [4]\n  workload.max_concurrency: [auto, 3]\n");
        _folder.Run("out.csv");
        _folder.Run("out.parquet");
        string[][] csv = _folder.Rows("out.csv");
        await using ParquetReader reader = await ParquetReader.CreateAsync(_folder["out.parquet"]);
        Assert.Equal(csv[0], reader.Schema.DataFields.Select(field => field.Name));
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);
        Assert.Equal(8, group.RowCount);
        DataField[] fields = reader.Schema.DataFields;
        Assert.Equal([typeof(long), Text, typeof(double), typeof(long), Text, Text], fields.Take(6).Select(field => field.ClrType));
        for (int column = 0; column < fields.Length - 1; column++) // the last has commas in the CSV
        {
            string[] expected = [.. csv.Skip(1).Select(row => row[column])];
            Assert.Equal(expected, await Read(group, fields[column]));
        }
    }

    [Fact]
    public void Texts_with_commas_and_quotes_are_quoted()
    {
        _folder.Write("sweep.yaml", "scenario: {workload: {num_requests: 5}}\naxes:\n  workload.input_len: [100, \"uniform:10..20\", {distribution: uniform, min: 5, max: 9}]\n");
        _folder.Run("out.csv");
        Assert.StartsWith("3,\"{distribution: uniform, min: 5, max: 9}\",ok,5,", File.ReadAllLines(_folder["out.csv"])[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_with_a_bad_row_stops_the_sweep()
    {
        _folder.Write("bad.csv", "arrival_s,input_tokens,output_tokens\n0,10,10\n1,10,x\n");
        _folder.Write("sweep.yaml", "scenario: {workload: {trace: bad.csv}}\naxes:\n  seed: [1, 2, 3]\n");
        Assert.Contains("bad.csv:3", Terminal.Problems("sweep", _folder.Sweep, "--out", _folder["out.csv"])[0], StringComparison.Ordinal);
        Assert.DoesNotContain("out.csv", _folder.Files);
    }

    [Fact]
    public void Columns_have_names_of_their_own() =>
        Assert.Equal(SweepFigures.All.Count, SweepFigures.All.Select(figure => figure.Name).Distinct().Count());

    public void Dispose() => _folder.Dispose();

    private static async Task<string[]> Read(ParquetRowGroupReader group, DataField field)
    {
        int rows = (int)group.RowCount;
        if (field.ClrType == Text)
        {
            var texts = new string?[rows];
            await group.ReadAsync(field, texts.AsMemory());
            return [.. texts.Select(text => text ?? "")];
        }

        if (field.ClrType == typeof(long))
        {
            return field.IsNullable ? await Numbers<long>(group, field, rows) : await Numbers<long>(group, field, rows, isNullable: false);
        }

        return await Numbers<double>(group, field, rows, field.IsNullable);
    }

    private static async Task<string[]> Numbers<T>(ParquetRowGroupReader group, DataField field, int rows, bool isNullable = true)
        where T : struct, IFormattable
    {
        if (isNullable)
        {
            var some = new T?[rows];
            await group.ReadAsync<T>(field, some.AsMemory());
            return [.. some.Select(value => value?.ToString(null, CultureInfo.InvariantCulture) ?? "")];
        }

        var all = new T[rows];
        await group.ReadAsync<T>(field, all.AsMemory());
        return [.. all.Select(value => value.ToString(null, CultureInfo.InvariantCulture))];
    }
}
