using System.Runtime.CompilerServices;

namespace LlmSim.Tests.Cli;

/// <summary>Compares text with a file under <c>Cli/Snapshots</c>; LLMSIM_UPDATE_SNAPSHOTS=1 writes the files instead.</summary>
internal static class Snapshot
{
    public static void Check(string name, string text, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("LLMSIM_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(caller)!, "Snapshots", $"{name}.txt"), text);
            return;
        }

        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cli", "Snapshots", $"{name}.txt"));
        Assert.Equal(expected.ReplaceLineEndings("\n"), text);
    }
}
