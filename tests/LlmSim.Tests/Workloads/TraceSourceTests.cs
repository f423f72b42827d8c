using System.Globalization;
using CsCheck;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class TraceSourceTests : IDisposable
{
    private const string PlainHeader = "arrival_s,input_tokens,output_tokens\n";
    private const string AzureHeader = "TIMESTAMP,ContextTokens,GeneratedTokens\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Plain_times_count_from_zero() =>
        AssertRead(PlainHeader + "2.5,100,20\n2.5,1,1\n3,1000000000,7\n", "2500000000 100 20", "2500000000 1 1", "3000000000 1000000000 7");

    [Fact]
    public void Columns_may_come_in_any_order_letter_case_and_company() =>
        AssertRead("id,Output_Tokens, arrival_s ,user,INPUT_TOKENS\na,20, 1 ,\"x, y\",100\n", "1000000000 100 20");

    [Fact]
    public void Line_ends_blank_lines_and_byte_order_marks_do_not_matter() =>
        AssertRead("\uFEFFarrival_s,input_tokens,output_tokens\r\n1,10,2\r\n\r\n2,20,4\r\n\n  \n", "1000000000 10 2", "2000000000 20 4");

    [Theory]
    [InlineData("0.1", 100_000_000)]
    [InlineData("0.000000001", 1)]
    [InlineData("4503599627.370497001", 4_503_599_627_370_497_001)]
    [InlineData("1.0000000005", 1_000_000_000)]
    [InlineData("1.0000000015", 1_000_000_002)]
    [InlineData("1.25e2", 125_000_000_000)]
    [InlineData("5E-9", 5)]
    [InlineData("+3", 3_000_000_000)]
    [InlineData(".5", 500_000_000)]
    [InlineData("-0", 0)]
    public void Decimal_seconds_are_exact(string seconds, long nanoseconds) =>
        AssertRead($"{PlainHeader}{seconds},1,1\n", $"{nanoseconds} 1 1");

    [Fact]
    public void Azure_times_count_from_the_first_row_and_keep_every_digit() =>
        AssertRead(
            AzureHeader + "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n"
            + "2023-11-16 18:15:50.9951691,879,55\n2023-11-17 00:00:00,91,16",
            "0 374 44", "4314579000 396 109", "4314579100 879 55", "20653319410000 91 16");

    [Fact]
    public void Azure_times_with_an_offset_are_read() =>
        AssertRead(
            AzureHeader + "2024-05-10 00:00:00.009930+00:00,2162,5\n2024-05-10 00:00:00.01+00:00,1,2\n"
            + "2024-05-10T02:00:00.123456789+01:30,3,4\n2024-05-09 19:30:01-05:00,5,6\n2024-05-10T00:30:02Z,7,8\n",
            "0 2162 5", "70000 1 2", "1800113526789 3 4", "1800990070000 5 6", "1801990070000 7 8");

    [Fact]
    public void Scale_divides_times()
    {
        string path = _folder.Write("t.csv", PlainHeader + "1,1,1\n2,1,1\n3,1,1\n");
        Assert.Equal([500_000_000, 1_000_000_000, 1_500_000_000], Nanoseconds(Sources.ReadTrace(path, scale: 2)));
        Assert.Equal([333_333_333, 666_666_667, 1_000_000_000], Nanoseconds(Sources.ReadTrace(path, scale: 3)));
        Assert.Equal([4_000_000_000, 8_000_000_000, 12_000_000_000], Nanoseconds(Sources.ReadTrace(path, scale: 0.25)));
    }

    [Fact]
    public void Number_and_scaled_duration_cut_a_trace()
    {
        string path = _folder.Write("t.csv", PlainHeader + "1,1,1\n2,1,1\n3,1,1\n");
        Assert.Equal(2, Sources.ReadTrace(path, count: 2).Count);
        Assert.Equal(2, Sources.ReadTrace(path, seconds: 2).Count);
        Assert.Equal(3, Sources.ReadTrace(path, seconds: 2, scale: 1.5).Count);
        Assert.Single(Sources.ReadTrace(path, seconds: 2, scale: 0.6));
    }

    [Fact]
    public void A_cut_before_a_bad_row_does_not_meet_it()
    {
        string path = _folder.Write("t.csv", PlainHeader + "1,1,1\nbad\n");
        Assert.Single(Sources.ReadTrace(path, count: 1));
        Assert.Throws<ConfigException>(() => Sources.ReadTrace(path, count: 2));
    }

    [Fact]
    public void A_scale_beyond_simulated_time_is_refused()
    {
        string path = _folder.Write("t.csv", PlainHeader + "1,1,1\n");
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.ReadTrace(path, scale: 1e-12));
        Assert.Equal("workload.trace_scale", Assert.Single(error.Problems).Field);
    }

    [Fact]
    public void Gzip_is_told_by_its_first_bytes_and_equals_plain()
    {
        string text = PlainHeader + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i / 8.0},{i + 1},{i % 7 + 1}\n"));
        byte[] packed = TempFolder.Gzip(text);
        List<ArrivingRequest> plain = Sources.ReadTrace(_folder.Write("plain.gz", text));
        Assert.Equal(20_000, plain.Count);
        Assert.Equal(plain, Sources.ReadTrace(_folder.WriteBytes("packed.csv", packed)));

        // Parts packed one by one and joined are a gzip file too.
        byte[] joined = [.. TempFolder.Gzip(PlainHeader), .. TempFolder.Gzip(text[PlainHeader.Length..])];
        Assert.Equal(plain, Sources.ReadTrace(_folder.WriteBytes("joined.csv.gz", joined)));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen<ArrivingRequest> one = Gen.Select(Gen.Long[0, 1L << 62], Gen.Int[1, 1_000_000_000], Gen.Int[1, 1_000_000_000],
            (ns, input, output) => new ArrivingRequest(new SimTime(ns), input, output));
        one.List[1, 50].Select(Gen.Bool).Sample((requests, gzip) =>
        {
            requests.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));
            string text = PlainHeader + string.Concat(requests.Select(r => string.Create(CultureInfo.InvariantCulture,
                $"{r.Arrival.Nanoseconds / 1e9m},{r.InputTokens},{r.OutputTokens}\n")));
            string name = $"{Guid.NewGuid()}.csv";
            string path = gzip ? _folder.WriteBytes(name, TempFolder.Gzip(text)) : _folder.Write(name, text);
            return Sources.ReadTrace(path).SequenceEqual(requests);
        }, iter: 300);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        string path = _folder.Write("t.csv", PlainHeader + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i / 8.0},10,20\n")));
        using RequestSource source = RequestSources.Create(new WorkloadSpec { Trace = new TraceSpec { Path = path } }, seed: 0);
        for (int i = 0; i < 10_000; i++)
        {
            source.TryNext(out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        while (source.TryNext(out _))
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private void AssertRead(string text, params string[] expected) =>
        Assert.Equal(expected, Sources.ReadTrace(_folder.Write("trace.csv", text)).Select(Sources.Show));

    private static IEnumerable<long> Nanoseconds(List<ArrivingRequest> requests) => requests.Select(r => r.Arrival.Nanoseconds);
}
