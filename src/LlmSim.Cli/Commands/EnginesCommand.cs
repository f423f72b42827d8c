using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using Spectre.Console;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim engines</c>: prints the engines and releases that are reproduced, what differs between them, and how it was checked.</summary>
internal sealed class EnginesCommand : Command
{
    private static readonly (VllmEngine From, string Until, string Checked)[] Releases =
    [
        (new VllmEngine(8, 5), "0.8", "recorded: 0.8.5"),
        (new VllmEngine(9, 0), "0.9", "read"),
        (new VllmEngine(10, 0), "0.10", "read"),
        (new VllmEngine(11, 0), "0.12", "recorded: 0.11.0"),
        (new VllmEngine(13, 0), "0.13", "read"),
        (new VllmEngine(14, 0), "0.14", "read"),
        (new VllmEngine(15, 0), "0.18", "recorded: 0.15.0"),
        (new VllmEngine(19, 0), "0.19", "recorded: 0.19.0"),
    ];

    public EnginesCommand(TextWriter output) : base("engines", "List the engines reproduced, by release.") => SetAction(_ =>
    {
        Screen.Write(output, Families());
        output.WriteLine();
        output.WriteLine("vllm by release:");
        Screen.Write(output, VllmReleases());
    });

    private static Table Families()
    {
        var table = Screen.Table("engine", "releases", "what is reproduced", "checked");
        foreach (EngineFamily family in EngineFamilies.All.Where(family => family.Read(null)!.IsBuilt))
        {
            table.Add(family.Name, family.Written, family.Reproduces, family.Checked);
        }

        return table;
    }

    private static Table VllmReleases()
    {
        var table = Screen.Table("from", "until", "loop", "budget A100 80 GB", "no chunks, no room", "gate", "priority", "checked");
        foreach ((VllmEngine from, string until, string check) in Releases)
        {
            table.Add($"{from}", until,
                from.IsAsyncByDefault ? "async" : from.HasAsyncScheduling ? "sync or async" : "sync",
                from.HasLargeBudgetOnA100 ? "8192" : "2048",
                !from.HeedsChunkedPrefill ? "flag ignored" : from.UnchunkedAdmission == UnchunkedAdmission.Stop ? "stops" : "skips, reversed",
                from.HasAdmissionGate ? "yes" : "no",
                from.HasPriority ? "yes" : "no",
                check);
        }

        return table;
    }
}
