using LlmSim.Cli.Scenarios;
using LlmSim.Metrics;
using LlmSim.Planning.Sweeps;
using LlmSim.Scenarios;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Sweeps;

/// <summary>What is kept of a sweep that was stopped, and what comes of it.</summary>
public sealed class SweepJournalTests : IDisposable
{
    private readonly SweepFolder _folder = new();

    private string Journal => _folder["out.csv.journal"];

    [Fact]
    public void Nothing_but_the_results_remains()
    {
        _folder.Run("out.csv");
        Assert.Equal(["out.csv", "sweep.yaml"], _folder.Files);
    }

    [Fact]
    public void Cut_off_anywhere_it_ends_in_the_same_bytes()
    {
        byte[] whole = _folder.Run("whole.csv");
        byte[] journal = WholeJournal();
        for (int length = 0; length <= journal.Length; length += length < 1200 ? 1 : 37)
        {
            File.WriteAllBytes(Journal, journal[..length]);
            Assert.Equal(whole, _folder.Run("out.csv"));
            Assert.False(File.Exists(Journal));
        }
    }

    [Fact]
    public void Cut_off_at_any_byte_it_keeps_what_was_whole_before()
    {
        SweepHeader header = Header(points: 5);
        byte[] journal = Fill(header, [3, 0, 4, 1, 2]);
        for (int length = 0; length <= journal.Length; length++)
        {
            File.WriteAllBytes(Journal, journal[..length]);
            long left;
            using (SweepJournal cut = SweepJournal.Open(Journal, "--out", header))
            {
                left = cut.Done;
                foreach (long point in Enumerable.Range(0, 5).Where(point => !cut.Has(point)))
                {
                    cut.Append(Row(point));
                }

                Assert.Equal(Enumerable.Range(0, 5).Select(point => $"{Row(point).Problem} {Row(point).Figures[0]}"), cut.Rows().Select(row => $"{row.Problem} {row.Figures[0]}"));
            }

            Assert.Equal(Fill(header, [3, 0, 4, 1, 2], (int)left).Length, WholeRecords(header, journal, length));
        }
    }

    [Fact]
    public void A_record_with_a_wrong_bit_is_not_believed()
    {
        SweepHeader header = Header(points: 3);
        byte[] journal = Fill(header, [0, 1, 2]);
        int begin = ResultFile.Beginning(header).Length;
        for (int at = begin; at < journal.Length; at++)
        {
            byte[] wrong = [.. journal];
            wrong[at] ^= 0x10;
            File.WriteAllBytes(Journal, wrong);
            using SweepJournal opened = SweepJournal.Open(Journal, "--out", header);
            Assert.Equal((at - begin) / ((journal.Length - begin) / 3), opened.Done);
        }
    }

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        byte[] journal = WholeJournal();
        File.WriteAllBytes(Journal, journal);
        using (SweepJournal full = SweepJournal.Open(Journal, "--out", ReadHeader(journal)))
        {
            Assert.Equal(12, full.Done);
        }

        // A run that is done is taken as it is: here another's figures, with a right checksum.
        SweepHeader header = ReadHeader(journal);
        File.Delete(Journal);
        using (SweepJournal made = SweepJournal.Open(Journal, "--out", header))
        {
            made.Append(SweepRow.Failed(0, RunStatus.DoesNotFit, "as told"));
        }

        _folder.Run("out.csv");
        Assert.EndsWith(",as told", File.ReadAllLines(_folder["out.csv"])[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_another_sweep_version_or_shard_are_left_alone()
    {
        SweepHeader header = ReadHeader(WholeJournal());
        AssertRefused(Fill(header with { Hash = header.Hash + 1 }, []), "unfinished results of another sweep");
        AssertRefused(Fill(header with { Version = "0.0.9" }, []), "unfinished results of llmsim 0.0.9, while this is");
        AssertRefused(Fill(header with { Shard = new Shard(2, 3) }, []), "unfinished results of shard 2/3");
        AssertRefused("llmsim sweep results 2\nx"u8.ToArray(), "another version of llmsim in another format");
        AssertRefused("my own notes"u8.ToArray(), "(something else)");
        byte[] damaged = Fill(header, []);
        damaged[40] ^= 1;
        AssertRefused(damaged, "damaged at its beginning");

        void AssertRefused(byte[] journal, string words)
        {
            File.WriteAllBytes(Journal, journal);
            Assert.Contains(words, Assert.Single(Terminal.Problems("sweep", _folder.Sweep, "--out", _folder["out.csv"])), StringComparison.Ordinal);
            Assert.Equal(journal, File.ReadAllBytes(Journal));
        }
    }

    [Fact]
    public void A_change_of_anything_that_matters_makes_another_sweep()
    {
        string trace = "arrival_s,input_tokens,output_tokens\n0,10,10\n1,10,10\n";
        _folder.Write("trace.csv", trace);
        _folder.Write("sweep.yaml", "scenario: {workload: {trace: trace.csv}}\naxes:\n  tensor_parallel: [1, 2]\n");
        ulong Hash(string flag = "") => SweepHash.Of(Sweep(flag));
        ulong before = Hash();
        Assert.Equal(before, Hash());
        Assert.NotEqual(before, Hash("seed"));
        _folder.Write("trace.csv", trace.Replace("1,10,10", "1,10,11", StringComparison.Ordinal));
        Assert.NotEqual(before, Hash());
        _folder.Write("trace.csv", trace);
        Assert.Equal(before, Hash());
        _folder.Write("sweep.yaml", "scenario: {workload: {trace: trace.csv}}\naxes:\n  tensor_parallel: [2, 1]\n");
        Assert.NotEqual(before, Hash());
    }

    [Fact]
    public void Only_one_sweep_writes_to_a_place()
    {
        SweepHeader header = ReadHeader(WholeJournal());
        using (SweepJournal.Open(Journal, "--out", header))
        {
            Assert.Contains("out.csv.journal (in use by another sweep) is not allowed (one sweep at a time)",
                Assert.Single(Terminal.Problems("sweep", _folder.Sweep, "--out", _folder["out.csv"])), StringComparison.Ordinal);
        }

        _folder.Run("out.csv");
    }

    public void Dispose() => _folder.Dispose();

    private static SweepHeader Header(int points) => new()
    {
        Version = "1.2.3",
        Hash = 99,
        Shard = Shard.Whole,
        About = "model: x",
        Columns = [[new SweepColumn("seed", [.. Enumerable.Range(1, points).Select(i => $"{i}")])]],
    };

    private static SweepRow Row(long point) => new(point, RunStatus.Ok, BottleneckKind.KvMemory, [point + 0.5, double.NaN], $"row {point} ü");

    private byte[] Fill(SweepHeader header, long[] points, int? most = null)
    {
        string path = _folder["made.journal"];
        File.Delete(path);
        using (SweepJournal journal = SweepJournal.Open(path, "--out", header))
        {
            foreach (long point in points.Take(most ?? points.Length))
            {
                journal.Append(Row(point));
            }
        }

        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }

    // What is left of a journal that was cut: its beginning, and the records before the cut.
    private static int WholeRecords(SweepHeader header, byte[] journal, int length)
    {
        int begin = ResultFile.Beginning(header).Length;
        int record = (journal.Length - begin) / 5;
        return begin + (Math.Max(0, length - begin) / record * record);
    }

    /// <summary>The journal of the sweep when all its runs have ended.</summary>
    private byte[] WholeJournal()
    {
        SweepSpec sweep = Sweep();
        using (SweepJournal journal = SweepJournal.Open(Journal, "--out", SweepHeader.Of(sweep, Shard.Whole)))
        {
            Assert.True(new SweepRunner(sweep, Shard.Whole, journal).Run(2, CancellationToken.None));
        }

        byte[] bytes = File.ReadAllBytes(Journal);
        File.Delete(Journal);
        return bytes;
    }

    private SweepSpec Sweep(string flag = "")
    {
        ScenarioNode flags = ScenarioNode.Object(ScenarioOrigin.Flag(""));
        if (flag.Length > 0)
        {
            flags.Set(flag, ScenarioNode.Word(ScenarioOrigin.Flag($"--{flag}"), "1"));
        }

        return SweepFile.Read(YamlNodes.Parse(File.ReadAllText(_folder.Sweep), _folder.Sweep), flags, _ => throw new InvalidOperationException());
    }

    private static SweepHeader ReadHeader(byte[] journal) => ResultFile.ReadHeader(new MemoryStream(journal), "--out", "journal");
}
