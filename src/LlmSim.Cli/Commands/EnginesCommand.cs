using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim engines</c>: prints the engines and releases that are reproduced, what differs between them, and how it was checked.</summary>
internal sealed class EnginesCommand : Command
{
    private static readonly (EngineVersion From, string Until, string Checked)[] Releases =
    [
        (new EngineVersion(8, 5), "0.8", "recorded schedules of 0.8.5"),
        (new EngineVersion(9, 0), "0.9", "read"),
        (new EngineVersion(10, 0), "0.12", "recorded schedules of 0.11.0"),
        (new EngineVersion(13, 0), "0.13", "read"),
        (new EngineVersion(14, 0), "0.14", "read"),
        (new EngineVersion(15, 0), "0.18", "recorded schedules of 0.15.0"),
        (new EngineVersion(19, 0), "0.19", "recorded schedules of 0.19.0"),
    ];

    public EnginesCommand(TextWriter output) : base("engines", "List the engines reproduced, by release.") => SetAction(_ =>
    {
        var table = Screen.Table("engine", "until", "loop", "budget A100 80 GB", "no chunks, no room", "gate", "priority", "checked by");
        foreach ((EngineVersion from, string until, string check) in Releases)
        {
            table.Add($"{from}", until,
                from.IsAsyncByDefault ? "async" : from.HasAsyncScheduling ? "sync or async" : "sync",
                from.HasLargeBudgetOnA100 ? "8192" : "2048",
                !from.HeedsChunkedPrefill ? "flag ignored" : from.UnchunkedAdmission == UnchunkedAdmission.Stop ? "stops" : "skips, reversed",
                from.HasAdmissionGate ? "yes" : "no",
                from.HasPriority ? "yes" : "no",
                check);
        }

        Screen.Write(output, table);
        output.WriteLine("All: running requests first, chunked prefill, paged KV blocks, preemption by recomputation, prefix caching.");
        output.WriteLine("Besides, --batching static and dynamic: docs/scheduling.md.");
    });
}
