using System.Globalization;
using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Benchmarks;

/// <summary>
/// Reading a whole trace file. What it allocates is buffers: a hundred times the rows must allocate about the same. Hash ids are the
/// exception: what a prompt shares is an object of its own, some 500 bytes for 24 ids, gone when the request is.
/// </summary>
[MemoryDiagnoser]
public class TraceBenchmarks
{
    private const int IdsPerRow = 24;

    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim").FullName;

    /// <summary>Rows in the file.</summary>
    [Params(1_000, 100_000)]
    public int Rows { get; set; }

    private string Plain => Path.Combine(_folder, "plain.csv");

    private string Azure => Path.Combine(_folder, "azure.csv");

    private string PlainGzip => Path.Combine(_folder, "plain.csv.gz");

    private string Mooncake => Path.Combine(_folder, "mooncake.jsonl");

    /// <summary>Writes the files.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var start = new DateTime(2023, 11, 16, 18, 15, 46, DateTimeKind.Utc);
        IEnumerable<int> rows = Enumerable.Range(0, Rows);
        File.WriteAllLines(Plain, rows.Select(Row).Prepend("arrival_s,input_tokens,output_tokens"));
        File.WriteAllLines(Azure, rows
            .Select(i => $"{start.AddMilliseconds(25 * i):yyyy-MM-dd HH:mm:ss.fffffff},{100 + i % 977},{10 + i % 211}")
            .Prepend("TIMESTAMP,ContextTokens,GeneratedTokens"));
        File.WriteAllLines(Mooncake, rows.Select(i =>
            $"{{\"timestamp\": {i * 25}, \"input_length\": {12_000 + i % 288}, \"output_length\": {10 + i % 211}, "
            + $"\"hash_ids\": [{string.Join(", ", Enumerable.Range(0, IdsPerRow).Select(j => j < i % IdsPerRow ? j : IdsPerRow * i + j))}]}}"));
        using var gzip = new GZipStream(File.Create(PlainGzip), CompressionLevel.Optimal);
        using FileStream plain = File.OpenRead(Plain);
        plain.CopyTo(gzip);

        static string Row(int i) =>
            string.Create(CultureInfo.InvariantCulture, $"{i * 0.025:0.000},{100 + i % 977},{10 + i % 211}");
    }

    /// <summary>Removes them.</summary>
    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_folder, recursive: true);

    /// <summary>Seconds and tokens.</summary>
    [Benchmark]
    public long ReadPlain() => Read(Plain);

    /// <summary>Dates and tokens.</summary>
    [Benchmark]
    public long ReadAzure() => Read(Azure);

    /// <summary>Seconds and tokens, packed.</summary>
    [Benchmark]
    public long ReadPlainGzip() => Read(PlainGzip);

    /// <summary>JSON lines, each with 24 hash ids.</summary>
    [Benchmark]
    public long ReadMooncake() => Read(Mooncake);

    private static long Read(string path)
    {
        using RequestSource source = RequestSources.Create(new WorkloadSpec { Trace = new TraceSpec { Path = path } }, seed: 0);
        long tokens = 0;
        while (source.TryNext(out ArrivingRequest request))
        {
            tokens += request.InputTokens;
        }

        return tokens;
    }
}
