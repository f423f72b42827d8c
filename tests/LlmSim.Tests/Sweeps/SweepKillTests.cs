using System.Diagnostics;
using System.Globalization;
using LlmSim.Tests.Cli;
using LlmSim.Workloads;

namespace LlmSim.Tests.Sweeps;

/// <summary>Sweeps in processes of their own that are ended from outside. LLMSIM_KILLS=50 makes it more of them.</summary>
public sealed class SweepKillTests : IDisposable
{
    private const string ManyRuns = """
        scenario: {model: llama-3.1-8b, gpu: h100-80gb-sxm, workload: {num_requests: 3000}}
        axes:
          workload.request_rate: {from: 2, to: 40, step: 2}
          seed: {from: 1, to: 10, step: 1}
        """;

    private readonly SweepFolder _folder = new(ManyRuns);

    private string Journal => _folder["out.csv.journal"];

    [Fact]
    public void Killed_at_any_moment_it_goes_on_and_ends_in_the_same_bytes()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("LLMSIM_KILLS") ?? "4", CultureInfo.InvariantCulture);
        byte[] whole = _folder.Run("whole.csv");
        var random = new RandomStream(7, "kills");
        int half = 0;
        for (int i = 0; i < kills; i++)
        {
            using Process process = _folder.Start("out.csv", "--threads", "2");
            if (i % 4 != 3)
            {
                SpinWait.SpinUntil(() => File.Exists(Journal) || process.HasExited, TimeSpan.FromSeconds(60));
            }

            Thread.Sleep((int)(300 * random.NextDouble()));
            process.Kill();
            process.WaitForExit();
            half += File.Exists(Journal) ? 1 : 0;
        }

        Assert.True(half > 0);

        Assert.Equal(whole, _folder.Run("out.csv"));
        Assert.Equal(["out.csv", "sweep.yaml", "whole.csv"], _folder.Files.Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ctrl_C_says_how_far_it_is_and_how_to_go_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs POSIX signals");
        _folder.Write("sweep.yaml", ManyRuns.Replace("3000", "300000", StringComparison.Ordinal));
        using Process process = _folder.Start("out.csv", "--threads", "2");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Journal), TimeSpan.FromSeconds(60)));
        Thread.Sleep(500);
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Matches(@"^llmsim: stopped; \d+ of 200 runs are done and kept in .*out\.csv\.journal\. The same command goes on from there\.\n$", errors);
        Assert.Equal(["out.csv.journal", "sweep.yaml"], _folder.Files);
    }

    [Fact]
    public void Two_at_once_do_not_get_in_each_others_way()
    {
        _folder.Write("sweep.yaml", ManyRuns.Replace("3000", "300000", StringComparison.Ordinal));
        using Process first = _folder.Start("out.csv", "--threads", "1");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Journal), TimeSpan.FromSeconds(60)));
        Thread.Sleep(200);
        Assert.Contains("in use by another sweep", Assert.Single(Terminal.Problems("sweep", _folder.Sweep, "--out", _folder["out.csv"])), StringComparison.Ordinal);
        first.Kill();
        first.WaitForExit();
        _folder.Write("sweep.yaml", ManyRuns);
        Assert.Contains("unfinished results of another sweep", Assert.Single(Terminal.Problems("sweep", _folder.Sweep, "--out", _folder["out.csv"])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_keeps_what_was_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a limit on the size of files");
        byte[] whole = _folder.Run("whole.csv");

        // Files of at most 16 KiB, and no signal when one would grow beyond: writing fails as on a full disk.
        string command = $"trap '' XFSZ; ulimit -f 16; exec dotnet {SweepFolder.Command} sweep {_folder.Sweep} --out {_folder["out.csv"]} --threads 2";
        using Process process = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" }, // maps a large file for code otherwise
        })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Matches(@"^llmsim: --out: .*out\.csv\.journal is not allowed \(a file that can be written; here: .*\)\. The \d+ of 200 runs that have ended are kept in it: make room, and the same command goes on from there\.\n$", errors);
        Assert.InRange(new FileInfo(Journal).Length, 1000, 16384);
        Assert.Equal(whole, _folder.Run("out.csv"));
    }

    public void Dispose() => _folder.Dispose();
}
