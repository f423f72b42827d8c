using CsCheck;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class TraceContentTests : IDisposable
{
    private const string Header = "arrival_s,input_tokens,output_tokens,prompt_id,prefix_id,prefix_tokens\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_hash_id_covers_512_tokens_and_the_last_the_rest()
    {
        string path = _folder.Write("t.jsonl", """
            {"timestamp": 0, "hash_ids": [0, 7, 9223372036854775806], "input_length": 1100, "output_length": 5}
            {"timestamp": 0, "input_length": 1024, "output_length": 5, "hash_ids": [0, 7]}
            {"timestamp": 0, "input_length": 1025, "output_length": 5, "hash_ids": [4]}
            {"timestamp": 0, "input_length": 1025, "output_length": 5, "hash_ids": []}
            {"timestamp": 0, "input_length": 1025, "output_length": 5}
            """);
        Assert.Equal(
            ["1x512 8x512 9223372036854775807x76", "1x512 8x512", "5x512", "", ""], Sources.ReadTrace(path).Select(Show));
    }

    [Theory]
    [InlineData("7", "'7'", "a list of whole numbers")]
    [InlineData("{\"a\": [1]}", "'an object'", "a list of whole numbers")]
    [InlineData("null", "'null'", "a list of whole numbers")]
    [InlineData("[1, -1]", "'-1'", "a list of whole numbers")]
    [InlineData("[1, 1.5, 2]", "'1.5'", "a list of whole numbers")]
    [InlineData("[\"1\"]", "'1'", "a list of whole numbers")]
    [InlineData("[9223372036854775807]", "'9223372036854775807'", "a list of whole numbers")]
    [InlineData("[[1], 2, {\"b\": [3]}]", "'a list'", "a list of whole numbers")]
    [InlineData("[{}, 2, [3, [4]]]", "'an object'", "a list of whole numbers")]
    [InlineData("[1, 2, 3]", "'3 ids'", "at most 2, one for each 512 of 1024 tokens")]
    public void Bad_hash_ids_are_named(string ids, string value, string allowed)
    {
        string path = _folder.Write("t.jsonl", $$"""
            {"timestamp": 0, "input_length": 1, "output_length": 5}
            {"timestamp": 0, "hash_ids": {{ids}}, "input_length": 1024, "output_length": 5}
            {"timestamp": 0, "input_length": 1, "output_length": 5}
            """);
        ConfigProblem problem = Assert.Single(TraceSummary.Scan(path).Problems);
        Assert.Equal($"{path}:2 hash_ids", problem.Field);
        Assert.Equal(value, problem.Value);
        Assert.StartsWith(allowed, problem.Allowed);
    }

    [Fact]
    public void Equal_ids_of_a_table_are_equal_prompts_and_prefixes()
    {
        string path = _folder.Write("t.csv", Header + """
            0,100,5,a,,
            0,60,5,a,,
            0,100,5,b,,
            0,100,5,,a,40
            0,40,5,b,a,40
            0,50,5,b,a,40
            0,50,5,,,
            """);
        PromptContent?[] contents = [.. Sources.ReadTrace(path).Select(r => r.Content)];
        ContentRun[][] runs = [.. contents.Select(c => c is null ? [] : c.Runs.ToArray())];
        Assert.Equal([100, 60, 100, 40, 40, 50, 0], contents.Select(c => c?.Tokens ?? 0));
        Assert.Equal(runs[0][0].Segment, runs[1][0].Segment);
        Assert.NotEqual(runs[0][0].Segment, runs[2][0].Segment);
        Assert.NotEqual(runs[0][0].Segment, runs[3][0].Segment); // a prefix is not the prompt of the same name
        Assert.Equal(runs[3], runs[4]);
        Assert.Equal([runs[3][0], new ContentRun(runs[2][0].Segment, 10)], runs[5]);
    }

    [Fact]
    public void Columns_stand_anywhere_and_are_optional()
    {
        string path = _folder.Write("t.csv", "PROMPT_ID,TIMESTAMP,GeneratedTokens,ContextTokens\n \" x\" ,2024-01-01 00:00:00,1,5\n");
        Assert.Equal(5, Assert.Single(Sources.ReadTrace(path)).Content!.Tokens);
        path = _folder.Write("u.csv", "arrival_s,prefix_tokens,input_tokens,output_tokens,prefix_id\n1,3,5,1,p\n");
        Assert.Equal(3, Assert.Single(Sources.ReadTrace(path)).Content!.Tokens);
    }

    [Theory]
    [InlineData("0,10,5,,p,", "prefix_tokens", "''", "a whole number of tokens from 1 to those of the prompt, 10")]
    [InlineData("0,10,5,,p,0", "prefix_tokens", "'0'", "a whole number of tokens from 1")]
    [InlineData("0,10,5,,p,11", "prefix_tokens", "'11'", "a whole number of tokens from 1")]
    [InlineData("0,10,5,,p,1.5", "prefix_tokens", "'1.5'", "a whole number of tokens from 1")]
    [InlineData("0,10,5,,,5", "prefix_tokens", "'5'", "empty, as is prefix_id")]
    public void Bad_values_are_named(string row, string column, string value, string allowed)
    {
        string path = _folder.Write("t.csv", $"{Header}0,1,1,,,\n{row}\n2,1,1,,,\n");
        ConfigProblem problem = Assert.Single(TraceSummary.Scan(path).Problems);
        Assert.Equal($"{path}:3 {column}", problem.Field);
        Assert.Equal(value, problem.Value);
        Assert.StartsWith(allowed, problem.Allowed);
    }

    [Fact]
    public void Long_names_are_refused_and_all_of_a_row_is_told_at_once()
    {
        string name = new('x', 101);
        string path = _folder.Write("t.csv", $"{Header}0,0,1,{name},{name},x\n0,1,1,,,\n");
        Assert.Equal(["input_tokens", "prompt_id", "prefix_id", "prefix_tokens"], TraceSummary.Scan(path).Problems.Select(p => p.Field.Split(' ')[^1]));
    }

    [Theory]
    [InlineData("prefix_id", "prefix_tokens")]
    [InlineData("prefix_tokens", "prefix_id")]
    public void A_prefix_needs_both_columns(string one, string other)
    {
        string path = _folder.Write("t.csv", $"arrival_s,input_tokens,output_tokens,{one}\n0,1,1,1\n");
        ConfigProblem problem = Assert.Single(TraceSummary.Scan(path).Problems);
        Assert.EndsWith($"without {other}", problem.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_stands_in_a_row_is_read_or_named()
    {
        Gen<string> field = Gen.OneOf(
            Gen.Const(""), Gen.Int[-2, 30].Select(i => $"{i}"), Gen.String[Gen.Char["ab,\"[]{}:.0é"], 0, 6]);
        field.Array[6].Array[1, 6].Sample(rows =>
        {
            string csv = _folder.Write("f.csv", Header + string.Join('\n', rows.Select(r => string.Join(',', r))) + "\n");
            string lines = _folder.Write("f.jsonl", string.Join('\n', rows.Select(
                r => $"{{\"timestamp\": 0, \"input_length\": 600, \"output_length\": 1, \"hash_ids\": [{r[0]}, {r[1]}]}}")) + "\n");
            foreach (string path in new[] { csv, lines })
            {
                TraceSummary summary = TraceSummary.Scan(path);
                Assert.Equal(summary.ProblemCount > 0, Record.Exception(() => Sources.ReadTrace(path)) is ConfigException);
                Assert.All(summary.Problems, p => Assert.StartsWith(path, p.Field));
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void A_scan_says_how_much_repeats()
    {
        string path = _folder.Write("t.csv", $"{Header}0,100,5,a,,\n0,60,5,a,,\n0,40,5,b,,\n");
        Assert.Equal(60 / 200.0, TraceSummary.Scan(path).RepeatedShare);
        Assert.Null(TraceSummary.Scan(_folder.Write("u.csv", "arrival_s,input_tokens,output_tokens\n0,1,1\n")).RepeatedShare);
    }

    [Fact]
    public void A_repetition_says_the_same_again()
    {
        string path = _folder.Write("t.csv", $"{Header}0,100,5,a,,\n1,60,5,b,,\n");
        List<ArrivingRequest> requests = Sources.Read(new WorkloadSpec { Trace = new TraceSpec { Path = path, Repeat = 2 } }, seed: 0);
        Assert.Equal(requests[0].Content!.Runs[0], requests[2].Content!.Runs[0]);
    }

    private static string Show(ArrivingRequest request) => request.Content is null ? ""
        : string.Join(' ', request.Content.Runs.ToArray().Select(run => $"{run.Segment}x{run.Tokens}"));
}
