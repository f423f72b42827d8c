using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;

namespace LlmSim.Reporting.Html;

/// <summary>A sweep as a page: what was swept, a chart of the reader's choice, and the runs.</summary>
internal static class SweepHtml
{
    private const string FirstFigure = "p99_ttft_ms";

    private static readonly string[] FewFigures =
        ["request_throughput", "output_throughput", "mean_ttft_ms", "p99_ttft_ms", "mean_tpot_ms", "p99_tpot_ms", "mean_e2el_ms", "p99_e2el_ms"];

    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="header">Which sweep it is.</param>
    /// <param name="sample">Its rows, or as many as a page can show.</param>
    /// <param name="totals">What is to be said of all rows.</param>
    public static byte[] ToUtf8(SweepHeader header, SweepSample sample, SweepTotals totals)
    {
        var page = new HtmlPage("Sweep", SweepWords.Axes(header));
        page.Paragraph($"Runs: {SweepWords.Runs(header, totals)}. All share: {(header.About.Length > 0 ? header.About : "the default scenario")}.");
        if (sample.Rows.Count < sample.Runs)
        {
            page.List([$"Chart and table show {sample.Rows.Count} of the {sample.Runs} runs, of every few one that was drawn; the results' file has all."], isWarning: true);
        }

        if (totals.BestRuns.Any())
        {
            page.Section("The best runs");
            page.Table(BestRuns(header, totals));
        }

        string[] columns = [.. Columns(header)];
        if (sample.Rows.Any(row => row.Status == RunStatus.Ok))
        {
            page.Section("A chart of your choice");
            page.Own(SweepPicks.Form(header, columns, sample.Rows), "sweep.js");
            page.Charts([EmptyChart()]);
            page.Own("<p class=\"soft picked\" role=\"status\"></p>\n");
        }

        page.Section("The runs");
        page.Own("<div class=\"tall\">\n");
        page.Table(new HtmlTable(columns, [.. sample.Rows.Select(row => Cells(header, row))]));
        page.Own("</div>\n");
        return page.ToUtf8($"llmsim {header.Version} sweep");
    }

    private static IEnumerable<string> Columns(SweepHeader header) =>
        ["run", .. Axes(header), "status", .. SweepFigures.All.Select(figure => figure.Name), "bottleneck", "problem"];

    private static IEnumerable<string> Axes(SweepHeader header) => header.Columns.SelectMany(columns => columns).Select(column => column.Name);

    private static IReadOnlyList<HtmlCell> Cells(SweepHeader header, SweepRow row) =>
    [
        $"{row.Point + 1}", .. header.Texts(row.Point).Select(text => new HtmlCell(text)), SweepWords.Of(row.Status),
        .. Enumerable.Range(0, SweepFigures.All.Count).Select(i => HtmlCell.Number(row.Figure(i))),
        row.Status == RunStatus.Ok ? SweepWords.Of(row.Bottleneck) : "", row.Problem,
    ];

    private static HtmlTable BestRuns(SweepHeader header, SweepTotals totals) =>
        new(["", "run", .. Axes(header), .. FewFigures], [.. totals.BestRuns.Select(best => (IReadOnlyList<HtmlCell>)
        [
            best.Name, $"{best.Row!.Point + 1}", .. header.Texts(best.Row.Point).Select(text => new HtmlCell(text)),
            .. FewFigures.Select(figure => HtmlCell.Number(best.Row.Figure(SweepFigures.IndexOf(figure)))),
        ])]);

    // The script fills it.
    private static Chart EmptyChart() => new()
    {
        Title = "Runs",
        Description = "As picked above.",
        X = new ChartAxis(""),
        Y = new ChartAxis(""),
        Series = [],
        Data = new HtmlTable(["", FirstFigure], []),
    };
}
