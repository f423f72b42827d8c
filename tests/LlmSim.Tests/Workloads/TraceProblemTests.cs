using System.IO.Compression;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class TraceProblemTests : IDisposable
{
    private const string PlainHeader = "arrival_s,input_tokens,output_tokens\n";
    private const string AzureHeader = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
    private const string Torn = "It is the last line: if the file was cut off, copy it again, else correct or remove the line.";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-1,10,10", "arrival_s", "'-1'", "seconds since the start")]
    [InlineData("NaN,10,10", "arrival_s", "'NaN'", "seconds since the start")]
    [InlineData("inf,10,10", "arrival_s", "'inf'", "seconds since the start")]
    [InlineData("1e30,10,10", "arrival_s", "'1e30'", "from 0 to 4611686018")]
    [InlineData("4611686019,10,10", "arrival_s", "'4611686019'", "from 0 to 4611686018")]
    [InlineData(",10,10", "arrival_s", "''", "seconds since the start")]
    [InlineData("1,0,10", "input_tokens", "'0'", "from 1 to 1000000000")]
    [InlineData("1,10,0", "output_tokens", "'0'", "from 1 to 1000000000")]
    [InlineData("1,10,-3", "output_tokens", "'-3'", "from 1 to 1000000000")]
    [InlineData("1,10.5,3", "input_tokens", "'10.5'", "a whole number of tokens")]
    [InlineData("1,99999999999,3", "input_tokens", "'99999999999'", "a whole number of tokens")]
    [InlineData("1,10", "", "'1,10' with 2 fields", "3 fields")]
    [InlineData("1,5,10,10", "", "'1,5,10,10' with 4 fields", "3 fields")]
    [InlineData("0.5,10,10", "arrival_s", "'0.5'", "not before line 2, which is at 0.75")]
    public void A_bad_row_is_named(string row, string column, string value, string allowed)
    {
        string path = _folder.Write("t.csv", $"{PlainHeader}0.75,1,1\n{row}\n2,1,1\n");
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems);
        Assert.Equal($"{path}:3 {column}".TrimEnd(), problem.Field);
        Assert.StartsWith(value, problem.Value);
        Assert.Contains(allowed, problem.Allowed);
        Assert.NotEqual(Torn, problem.Fix);
    }

    [Theory]
    [InlineData("18:15:46", "TIMESTAMP")]
    [InlineData("2023-11-16", "TIMESTAMP")]
    [InlineData("2023-13-16 18:15:46", "TIMESTAMP")]
    [InlineData("2023-11-16 18:15:46.", "TIMESTAMP")]
    [InlineData("2023-11-16 18:15:46.0123456789", "TIMESTAMP")]
    [InlineData("2023-11-16 18:15:46 CET", "TIMESTAMP")]
    [InlineData("1969-12-31 23:59:59", "TIMESTAMP")]
    [InlineData("2200-01-01 00:00:00", "TIMESTAMP")]
    [InlineData("12.5", "TIMESTAMP")]
    public void A_bad_date_is_named(string time, string column)
    {
        string path = _folder.Write("t.csv", $"{AzureHeader}{time},10,10\n2023-11-16 18:15:47,1,1\n");
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems);
        Assert.Equal($"{path}:2 {column}", problem.Field);
        Assert.Equal($"'{time}'", problem.Value);
    }

    [Fact]
    public void An_unsorted_date_names_the_line_and_time_it_should_follow()
    {
        string path = _folder.Write("t.csv", AzureHeader + "2023-11-16 18:15:47.1234567,1,1\n2023-11-16 18:15:46.5,1,1\n2024-01-01 00:00:00,1,1\n");
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems);
        Assert.Equal(
            new ConfigProblem($"{path}:3 TIMESTAMP", "'2023-11-16 18:15:46.5'",
                "not before line 2, which is at 2023-11-16 18:15:47.1234567", "Sort the lines by TIMESTAMP."),
            problem);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2,1")]
    [InlineData("2,1,")]
    [InlineData("2,,1\n")]
    [InlineData("2,1,0\n\n  \n")]
    public void A_torn_last_line_is_called_so(string row)
    {
        string path = _folder.Write("t.csv", $"{PlainHeader}1,1,1\n{row}");
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems);
        Assert.StartsWith($"{path}:3", problem.Field);
        Assert.Equal(Torn, problem.Fix);
    }

    [Fact]
    public void All_fields_of_a_row_are_reported_at_once()
    {
        string path = _folder.Write("t.csv", $"{PlainHeader}x,y,z\n1,1,1\n");
        Assert.Equal(3, Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems.Count);
    }

    [Fact]
    public void A_long_value_is_shortened()
    {
        string path = _folder.Write("t.csv", $"{PlainHeader}{new string('9', 5000)},1,1\n");
        Assert.Equal(83, Assert.Single(TraceSummary.Scan(path).Problems).Value.Length);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_locked_file_are_told_apart()
    {
        Assert.Contains("no such file", OnlyProblem(_folder["none.csv"]).Value);
        Assert.Contains("no such file", OnlyProblem(_folder[Path.Combine("no", "where.csv")]).Value);
        Assert.Contains("a directory", OnlyProblem(_folder["."]).Value);

        string path = _folder.Write("locked.csv", PlainHeader + "1,1,1\n");
        using var locked = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Contains("used by another process", OnlyProblem(path).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData(PlainHeader)]
    [InlineData(AzureHeader + "\n")]
    public void A_file_without_requests_is_refused(string text)
    {
        string path = _folder.Write("t.csv", text);
        ConfigProblem problem = OnlyProblem(path);
        Assert.Equal(path, problem.Field);
        Assert.Equal(text.Length < 5 ? "an empty file" : "a header without requests", problem.Value);
    }

    [Fact]
    public void An_unknown_header_is_answered_with_the_known_ones()
    {
        ConfigProblem problem = OnlyProblem(_folder.Write("t.csv", "time;in;out\n1;2;3\n"));
        Assert.EndsWith("t.csv:1 header", problem.Field);
        Assert.Equal("'time;in;out'", problem.Value);
        Assert.Equal(
            "arrival_s,input_tokens,output_tokens (plain) or TIMESTAMP,ContextTokens,GeneratedTokens (Azure LLM inference trace)",
            problem.Allowed);
    }

    [Fact]
    public void Missing_columns_are_each_named()
    {
        string path = _folder.Write("t.csv", "TIMESTAMP,Context\n2023-11-16 18:15:47,2\n");
        Assert.Equal(
            ["'TIMESTAMP,Context' without ContextTokens", "'TIMESTAMP,Context' without GeneratedTokens"],
            Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems.Select(p => p.Value));
    }

    [Fact]
    public void Broken_gzip_is_reported_wherever_it_breaks()
    {
        byte[] whole = TempFolder.Gzip(PlainHeader + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i * 1.37},{i % 977 + 1},7\n")));
        foreach (int length in (int[])[2, 9, 12, 1000, whole.Length / 2, whole.Length - 9, whole.Length - 8, whole.Length - 1])
        {
            string path = _folder.WriteBytes("cut.gz", whole[..length]);
            Assert.Contains("unreadable data", TraceSummary.Scan(path).Problems[^1].Value);
            Assert.Throws<ConfigException>(() => Sources.ReadTrace(path));
        }
    }

    [Fact]
    public void A_gzip_file_whose_rows_are_well_formed_but_wrong_is_found_by_its_checksum()
    {
        byte[] packed = TempFolder.Gzip(PlainHeader + "1,100,7\n2,100,7\n", CompressionLevel.NoCompression);
        int at = packed.AsSpan().IndexOf("1,100,7"u8);
        packed[at + 2]++;
        Assert.Contains("unreadable data", OnlyProblem(_folder.WriteBytes("flipped.gz", packed)).Value);
    }

    [Fact]
    public void A_binary_file_is_refused_briefly()
    {
        byte[] noise = new byte[100_000];
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = (byte)(i * 7919 >> 5);
        }

        TraceSummary summary = TraceSummary.Scan(_folder.WriteBytes("noise.csv", noise));
        Assert.InRange(Assert.Single(summary.Problems).ToString().Length, 10, 800);
    }

    [Fact]
    public void A_scan_sums_up_a_good_file()
    {
        TraceSummary summary = TraceSummary.Scan(_folder.Write("t.csv", PlainHeader + "1,10,1\n2,20,2\n4.5,60,6\n"));
        Assert.Empty(summary.Problems);
        Assert.Equal(("plain", 3L, 3.5, 30.0, 3.0, 0L), (summary.Format, summary.Requests, summary.Span.Seconds,
            summary.MeanInputTokens, summary.MeanOutputTokens, summary.ProblemCount));
    }

    [Fact]
    public void A_scan_keeps_the_first_problems_and_counts_all()
    {
        string path = _folder.Write("t.csv", PlainHeader + string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},0,{i % 2}\n")));
        TraceSummary summary = TraceSummary.Scan(path);
        Assert.Equal((20, 150L, 0L), (summary.Problems.Count, summary.ProblemCount, summary.Requests));
        Assert.Equal($"{path}:2 input_tokens", summary.Problems[0].Field);
    }

    private static ConfigProblem OnlyProblem(string path)
    {
        ConfigException thrown = Assert.Throws<ConfigException>(() => Sources.ReadTrace(path));
        ConfigProblem scanned = Assert.Single(TraceSummary.Scan(path).Problems);
        Assert.Equal([scanned], thrown.Problems);
        return scanned;
    }
}
