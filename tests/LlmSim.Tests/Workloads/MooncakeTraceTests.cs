using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class MooncakeTraceTests : IDisposable
{
    private const string Good = "{\"timestamp\": 5, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": []}\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_requests_whatever_else_they_hold()
    {
        const string text = """
            {"timestamp": 0, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2], "more": [0, {"a": [3]}]}

            {"x": null, "output_length": 1, "input_length": 2, "timestamp": 0.0005}
            {"timestamp": 27482, "input_length": 1000000000, "output_length": 3, "text": "{é"}
            """;
        string[] expected = ["0 6758 500", "500 2 1", "27482000000 1000000000 3"];
        Assert.Equal(expected, Sources.ReadTrace(_folder.Write("t.jsonl", text.ReplaceLineEndings("\r\n"))).Select(Sources.Show));
        Assert.Equal(expected, Sources.ReadTrace(_folder.WriteBytes("t.gz", TempFolder.Gzip(text + "\n"))).Select(Sources.Show));
        TraceSummary summary = TraceSummary.Scan(_folder["t.jsonl"]);
        Assert.Equal(("Mooncake", 3L, 0L), (summary.Format, summary.Requests, summary.ProblemCount));
    }

    [Theory]
    [InlineData("{\"timestamp\": -1, \"input_length\": 1, \"output_length\": 1}", " timestamp", "'-1'")]
    [InlineData("{\"timestamp\": \"6\", \"input_length\": 1, \"output_length\": 1}", " timestamp", "'6'")]
    [InlineData("{\"timestamp\": [6], \"input_length\": 1, \"output_length\": 1}", " timestamp", "'a list'")]
    [InlineData("{\"timestamp\": 4, \"input_length\": 1, \"output_length\": 1}", " timestamp", "'4'")]
    [InlineData("{\"input_length\": 1, \"output_length\": 1}", " timestamp", "''")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 0, \"output_length\": 1}", " input_length", "'0'")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 1.5, \"output_length\": 1}", " input_length", "'1.5'")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 1, \"output_length\": null}", " output_length", "'null'")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 1}", " output_length", "''")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 1, \"output_len", "", "'{\"timestamp\": 6, \"input_length\": 1, \"output_len'")]
    [InlineData("[6, 1, 1]", "", "'[6, 1, 1]'")]
    [InlineData("6,1,1", "", "'6,1,1'")]
    [InlineData("{\"timestamp\": 6, \"input_length\": 1, \"output_length\": 1} x", "", "'{\"timestamp\"")]
    public void A_bad_line_is_named(string line, string key, string value)
    {
        string path = _folder.Write("t.jsonl", $"{Good}\n{line}\n{Good.Replace("5", "9", StringComparison.Ordinal)}");
        ConfigProblem problem = Assert.Single(TraceSummary.Scan(path).Problems);
        Assert.Equal($"{path}:3{key}", problem.Field);
        Assert.StartsWith(value, problem.Value);
        Assert.Equal([problem], Assert.Throws<ConfigException>(() => Sources.ReadTrace(path)).Problems);
    }

    [Fact]
    public void All_keys_of_a_line_are_reported_at_once() =>
        Assert.Equal(3, TraceSummary.Scan(_folder.Write("t.jsonl", "{}\n" + Good)).ProblemCount);

    [Fact]
    public void A_torn_last_line_is_called_so() => Assert.StartsWith("It is the last line",
        Assert.Single(TraceSummary.Scan(_folder.Write("t.jsonl", Good + "{\"timestamp\": 7, \"inp\n\n")).Problems).Fix);

    [Fact]
    public void Broken_gzip_is_reported()
    {
        byte[] whole = TempFolder.Gzip(string.Concat(Enumerable.Repeat(Good, 50_000)));
        TraceSummary summary = TraceSummary.Scan(_folder.WriteBytes("cut.gz", whole[..(whole.Length / 2)]));
        Assert.Contains("unreadable data", Assert.Single(summary.Problems).Value);
    }

    [Fact]
    public void Conversations_are_no_trace()
    {
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.ReadTrace(_folder.Write("chat.json", "[{}]")));
        ConfigProblem problem = Assert.Single(error.Problems);
        Assert.Equal("workload.trace", problem.Field);
        Assert.Contains("workload.dataset", problem.Fix);
    }

    [Fact]
    public void Long_lines_and_many_lines_are_read_without_memory_for_each()
    {
        string hashes = string.Join(", ", Enumerable.Range(0, 20_000));
        string line = $"{{\"timestamp\": 5, \"hash_ids\": [{hashes}], \"input_length\": 10240000, \"output_length\": 1}}\n";
        string path = _folder.Write("t.jsonl", line + string.Concat(Enumerable.Repeat(Good, 50_000)));
        using RequestSource source = RequestSources.Create(new WorkloadSpec { Trace = new TraceSpec { Path = path } }, seed: 0);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(source.TryNext(out _));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 10_000;
        while (source.TryNext(out _))
        {
            count++;
        }

        Assert.Equal(50_001, count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
