using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Reporting.Html;

/// <summary>Requests along the time of a run: a bar each, of its queue, prefill and decode.</summary>
internal static class RequestBars
{
    private const double RowRem = 0.42;
    private const double LeastRem = 8;

    /// <summary>Draws a bar for each request.</summary>
    /// <param name="records">Every request that was answered. At least one.</param>
    public static Chart Of(IReadOnlyList<RequestRecord> records)
    {
        RequestRecord[] rows = [.. records.OrderBy(record => record.Id)];
        return new Chart
        {
            Title = "Each request",
            Description = $"{rows.Length} requests that were answered, each from its arrival to its last token.",
            X = new ChartAxis("time, s", "s") { Least = 0, Most = rows.Max(record => record.Finish.Seconds) },
            Y = new ChartAxis("") { Categories = 0 },
            Series =
            [
                Part("before", 1, "soft") with { IsSpacer = true }, Part("waits", 2, "c5"), Part("prefill", 3, "measured"), Part("decode", 4, "c3"),
            ],
            HeightRem = Math.Max(LeastRem, RowRem * rows.Length),
            Data = new HtmlTable(["request", "arrival, s", "waits, s", "prefill, s", "decode, s", "prompt tokens", "output tokens", "preemptions"],
            [
                .. rows.Select(record => (IReadOnlyList<HtmlCell>)
                [
                    $"{record.Id}", Seconds(record.Arrival), Seconds(record.Scheduled - record.Arrival), Seconds(record.FirstToken - record.Scheduled),
                    Seconds(record.Finish - record.FirstToken), $"{record.InputTokens}", $"{record.OutputTokens}", $"{record.Preemptions}",
                ]),
            ]),
        };

        static ChartSeries Part(string name, int column, string color) => new(name, ChartKind.Bars, column, 0, color) { Stack = "request" };

        static HtmlCell Seconds(SimTime time) => HtmlCell.Number(time.Seconds);
    }
}
