using System.Diagnostics;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Sweeps;

/// <summary>A folder with a sweep in it, and ways to run it.</summary>
internal sealed class SweepFolder : IDisposable
{
    /// <summary>Twelve runs, of which two do not fit and two are not possible.</summary>
    public const string Twelve = """
        scenario:
          gpu: a100-80gb-sxm
          workload: {num_requests: 40}
        axes:
          workload.request_rate: [2, 20]
        zip:
          - model: [llama-2-7b, llama-2-70b, qwen2.5-7b]
            seed: [1, 2, 3]
          - tensor_parallel: [1, 8]
            num_gpus: [1, 8]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-sweep-").FullName;

    public SweepFolder(string? yaml = null) => Write("sweep.yaml", yaml ?? Twelve);

    public static string Command => Path.Combine(AppContext.BaseDirectory, "LlmSim.Cli.dll");

    public string this[string name] => Path.Combine(_folder, name);

    public string Sweep => this["sweep.yaml"];

    public string[] Files => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Runs the sweep to its end in this process.</summary>
    /// <returns>The bytes of the results.</returns>
    public byte[] Run(string name, params string[] flags)
    {
        Terminal.Print(["sweep", Sweep, "--out", this[name], "-q", .. flags]);
        return File.ReadAllBytes(this[name]);
    }

    /// <summary>Starts the sweep in a process of its own.</summary>
    public Process Start(string name, params string[] flags) => Process.Start(new ProcessStartInfo("dotnet", [Command, "sweep", Sweep, "--out", this[name], .. flags])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    public string[][] Rows(string name) => [.. File.ReadAllLines(this[name]).Select(line => line.Split(','))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
