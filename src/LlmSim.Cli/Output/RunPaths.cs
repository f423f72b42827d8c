namespace LlmSim.Cli.Output;

/// <summary>Where the files of a run go; null for those that are not wanted.</summary>
/// <param name="Json">The result.</param>
/// <param name="BenchJson">The result in the shape of <c>vllm bench serve</c>.</param>
/// <param name="Requests">A row for each request.</param>
/// <param name="Series">A row for each interval.</param>
/// <param name="Events">Every event.</param>
/// <param name="Timeline">The run for a viewer of timelines.</param>
/// <param name="Report">The result as a page.</param>
internal sealed record RunPaths(
    string? Json, string? BenchJson, string? Requests, string? Series, string? Events, string? Timeline, string? Report)
{
    /// <summary>The files that are wanted, each with the flag that names it.</summary>
    public (string Flag, string Path)[] Given =>
    [
        .. new[]
        {
            ("--json", Json), ("--bench-json", BenchJson), ("--requests", Requests), ("--series", Series), ("--events", Events),
            ("--timeline", Timeline), ("--report", Report),
        }.Where(file => file.Item2 is not null)!,
    ];
}
