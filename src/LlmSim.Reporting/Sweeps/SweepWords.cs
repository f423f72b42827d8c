using System.Text.Json;
using LlmSim.Metrics;
using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Sweeps;

/// <summary>Words of a sweep's results.</summary>
internal static class SweepWords
{
    /// <summary>What became of a run: <c>ok</c>, <c>does_not_fit</c> or <c>not_possible</c>.</summary>
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Ok => "ok",
        RunStatus.DoesNotFit => "does_not_fit",
        _ => "not_possible",
    };

    /// <summary>What limits a run, for example <c>kv_memory</c>.</summary>
    public static string Of(BottleneckKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>The axes with their numbers of values: <c>model 2 x tensor_parallel 4</c>; those that move together with a plus between.</summary>
    public static string Axes(SweepHeader header) =>
        string.Join(" x ", header.Columns.Select(columns => $"{string.Join(" + ", columns.Select(column => column.Name))} {columns[0].Texts.Count}"));

    /// <summary>How many runs there are, and what became of them where not all are well.</summary>
    public static string Runs(SweepHeader header, SweepTotals totals)
    {
        (long ok, long unfit, long impossible) = (totals.Count(RunStatus.Ok), totals.Count(RunStatus.DoesNotFit), totals.Count(RunStatus.NotPossible));
        (long Count, string One, string Many)[] parts =
        [
            (unfit, "does not fit", "do not fit"), (impossible, "is not possible", "are not possible"),
            (totals.BeyondCapacityRuns, "is beyond capacity", "are beyond capacity"),
        ];
        string which = string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {(part.Count == 1 ? part.One : part.Many)}"));
        string of = header.Shard.Count > 1 ? $" of {header.Grid.Count}" : "";
        return $"{ok + unfit + impossible}{of}{(which.Length > 0 ? $", of which {which}" : "")}";
    }
}
