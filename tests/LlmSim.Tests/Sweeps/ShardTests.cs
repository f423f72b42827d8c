using LlmSim.Planning.Sweeps;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Sweeps;

/// <summary>Parts of a sweep, and what they make together.</summary>
public sealed class ShardTests : IDisposable
{
    private readonly SweepFolder _folder = new();

    [Theory]
    [InlineData(1, "csv")]
    [InlineData(2, "csv")]
    [InlineData(5, "parquet")]
    [InlineData(13, "csv")]
    public void All_parts_make_the_whole(int count, string format)
    {
        byte[] whole = _folder.Run($"whole.{format}");
        string[] parts = [.. Enumerable.Range(1, count).Select(number => Part(number, count))];
        string printed = Terminal.Print(["merge", .. parts.Reverse(), "--out", _folder[$"merged.{format}"]]);
        Assert.Equal(whole, File.ReadAllBytes(_folder[$"merged.{format}"]));
        Assert.Equal(Terminal.Print("sweep", _folder.Sweep, "--out", _folder[$"again.{format}"]), printed);
    }

    [Fact]
    public void Parts_are_the_same_bytes_whatever_the_number_of_threads() =>
        Assert.Equal(File.ReadAllBytes(Part(2, 3, "--threads", "1")), File.ReadAllBytes(Part(2, 3, "--threads", "4")));

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(12, 1)]
    [InlineData(12, 5)]
    [InlineData(100, 7)]
    public void Every_point_is_in_one_part(long points, int count)
    {
        var seen = new List<long>();
        for (int number = 1; number <= count; number++)
        {
            var shard = new Shard(number, count);
            for (long index = 0; index < shard.Points(points); index++)
            {
                Assert.Equal(index, shard.IndexOf(shard.Point(index)));
                seen.Add(shard.Point(index));
            }
        }

        Assert.Equal(Enumerable.Range(0, (int)points).Select(i => (long)i), seen.Order());
    }

    [Fact]
    public void What_is_missing_doubled_or_of_another_sweep_is_refused()
    {
        string[] parts = [.. Enumerable.Range(1, 4).Select(number => Part(number, 4))];
        AssertRefused("all but shards 2, 4 of 4 is not allowed (all shards of the sweep). Run llmsim sweep --shard 2/4", parts[0], parts[2]);
        AssertRefused("is not allowed (each shard once; these are all shard 2/4)", [.. parts, parts[1]]);
        AssertRefused("shard 1/3 is not allowed (one division", parts[0], Part(1, 3));
        AssertRefused("(something else)", parts[0], _folder.Sweep);
        AssertRefused("nowhere (no such file)", parts[0], "nowhere");
        Terminal.Print("sweep", _folder.Sweep, "--shard", "2/2", "--out", _folder["other.shard"], "--dtype", "fp16", "-q");
        AssertRefused("other.shard is not allowed (shards of one sweep;", parts[0], _folder["other.shard"]);
        Assert.DoesNotContain(_folder.Files, name => name.Contains("merged", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_that_is_not_finished_is_refused_and_nothing_is_written()
    {
        string[] parts = [Part(1, 2), Part(2, 2)];
        byte[] whole = File.ReadAllBytes(parts[1]);
        foreach (int length in new[] { whole.Length - 1, whole.Length - 100, whole.Length / 2 })
        {
            File.WriteAllBytes(parts[1], whole[..length]);
            AssertRefused("(not finished or damaged: of 6 runs it has ", parts);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Part(int number, int count, params string[] flags)
    {
        string path = _folder[$"{number}of{count}{string.Concat(flags)}.shard"];
        Terminal.Print(["sweep", _folder.Sweep, "--shard", $"{number}/{count}", "--out", path, "-q", .. flags]);
        return path;
    }

    private void AssertRefused(string words, params string[] parts) =>
        Assert.Contains(words, Assert.Single(Terminal.Problems(["merge", .. parts, "--out", _folder["merged.csv"]])), StringComparison.Ordinal);
}
