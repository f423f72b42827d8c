using System.Globalization;
using LlmSim.Validation;

namespace LlmSim.Reporting.Html;

/// <summary>Measured against simulated as a page: errors in tables, distributions and time series drawn over each other.</summary>
internal static class ValidationHtml
{
    private const int MostDots = 400;
    private const string Measured = "measured";
    private const string Simulated = "simulated";

    private static readonly Quantity[] Quantities =
    [
        new("TTFT", "ms", 1e3, (_, times) => times.FirstToken.Seconds),
        new("TPOT", "ms", 1e3, (request, times) =>
            request.OutputTokens > 1 ? (times.LastToken - times.FirstToken).Seconds / (request.OutputTokens - 1) : null),
        new("E2E", "s", 1, (_, times) => times.LastToken.Seconds),
    ];

    /// <summary>Gives the page as UTF-8.</summary>
    /// <param name="runs">The runs. At least one.</param>
    /// <param name="skipSeconds">Seconds that the second comparisons leave out; null when there are none.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(IReadOnlyList<ValidatedRun> runs, double? skipSeconds, string version)
    {
        var page = new HtmlPage("Measured against simulated",
            $"{runs.Count} serving run{(runs.Count == 1 ? "" : "s")}, replayed request by request. Errors are simulated / measured − 1.");
        AddMeans(page, runs, skipSeconds);
        page.Contents(runs.Select(run => run.Run.Name));
        for (int i = 0; i < runs.Count; i++)
        {
            AddRun(page, runs[i], skipSeconds, i + 1);
        }

        return page.ToUtf8($"llmsim {version} validate");
    }

    private static void AddMeans(HtmlPage page, IReadOnlyList<ValidatedRun> runs, double? skipSeconds)
    {
        Figure[] figures = [.. Figure.Shown(runs.Select(run => run.Whole))];
        page.Section("Mean of the absolute errors");
        page.Tiles(figures.Select(figure => new FigureTile(figure.Label.Split(',')[0],
            Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Whole), figure)))
        {
            Note = skipSeconds is { } skip
                ? $"{Percent(Comparison.MeanAbsoluteError(runs.Select(run => run.Rest!), figure))} after {skip.ToString("0.###", CultureInfo.InvariantCulture)} s" : null,
        }));
        if (runs.Count > 1)
        {
            page.Table(new HtmlTable(["run", .. figures.Select(figure => figure.Label.Split(',')[0])],
                [.. runs.Select(run => (IReadOnlyList<HtmlCell>)
                    [run.Run.Name, .. figures.Select(figure => HtmlCell.Error(run.Whole.Error(figure)))])]));
        }
    }

    private static void AddRun(HtmlPage page, ValidatedRun run, double? skipSeconds, int number)
    {
        page.Section(run.Run.Name, number);
        page.Paragraph(ValidationReport.Server(run.Run));
        page.List([.. run.Run.Notes.Select(note => $"assumed: {note}")]);
        page.Table(Errors(run, skipSeconds));
        page.Charts(Quantities.Select(quantity => Distribution(run, quantity)).OfType<Chart>());
        page.Charts([.. Quantities.Select(quantity => ByArrival(run, quantity)).OfType<Chart>(), .. Loads(run)]);
    }

    private static HtmlTable Errors(ValidatedRun run, double? skipSeconds)
    {
        var columns = new List<string> { "", Measured, Simulated, "error" };
        if (skipSeconds is { } skip)
        {
            columns.AddRange([string.Create(CultureInfo.InvariantCulture, $"after {skip:0.###} s: {Measured}"), Simulated, "error"]);
        }

        var rows = new List<IReadOnlyList<HtmlCell>>();
        foreach (Figure figure in Figure.Shown(run.Whole))
        {
            rows.Add([figure.Label, .. Cells(run.Whole, figure), .. run.Rest is { } rest ? Cells(rest, figure) : []]);
        }

        rows.Add([$"answered", .. Counts(f => f.Answered)]);
        if (run.Whole.Measured.Failed + run.Whole.Simulated.Failed > 0)
        {
            rows.Add([$"not answered", .. Counts(f => f.Failed)]);
        }

        foreach (LoadComparison.Level level in LoadComparison.Levels.Where(level => run.Load?.MeanMeasured(level) is not null))
        {
            rows.Add([$"{level.Label}, mean over time", HtmlCell.Number(run.Load!.MeanMeasured(level) * level.Scale),
                HtmlCell.Number(run.Load.MeanSimulated(level) * level.Scale),
                $"± {HtmlNumber.Short(run.Load.MeanDifference(level)!.Value * level.Scale)}", .. run.Rest is null ? Array.Empty<HtmlCell>() : ["", "", ""]]);
        }

        return new HtmlTable(columns, rows);

        static HtmlCell[] Cells(Comparison comparison, Figure figure) =>
        [
            HtmlCell.Number(figure.Of(comparison.Measured) * figure.Scale), HtmlCell.Number(figure.Of(comparison.Simulated) * figure.Scale),
            HtmlCell.Error(comparison.Error(figure)),
        ];

        IEnumerable<HtmlCell> Counts(Func<Figures, int> of)
        {
            foreach (Comparison comparison in new[] { run.Whole, run.Rest }.OfType<Comparison>())
            {
                yield return HtmlCell.Number(of(comparison.Measured));
                yield return HtmlCell.Number(of(comparison.Simulated));
                yield return "";
            }
        }
    }

    private static Chart? Distribution(ValidatedRun run, Quantity quantity)
    {
        List<double> measured = Samples(run.Run.Requests.Select(request => request.Times));
        List<double> simulated = Samples(run.Replay.Times);
        DistributionChart.Curve[] curves =
        [
            .. new[] { (Name: Measured, Values: measured), (Name: Simulated, Values: simulated) }.Where(side => side.Values.Count > 0)
                .Select(side => new DistributionChart.Curve(side.Name, side.Name, percent => quantity.Scale * Figures.OfSorted(side.Values, percent / 100))),
        ];
        return curves.Length == 0 ? null : DistributionChart.Of(quantity.Name, quantity.Unit, curves);

        List<double> Samples(IEnumerable<RequestTimes?> times)
        {
            List<double> samples = [.. times.Zip(run.Run.Requests, (taken, request) => taken is { } t ? quantity.Of(request, t) : null).OfType<double>()];
            samples.Sort();
            return samples;
        }
    }

    // Single requests, as many as can be told apart; which step one falls into is chaotic, so clouds are to be compared, not dots.
    private static Chart? ByArrival(ValidatedRun run, Quantity quantity)
    {
        int each = (run.Run.Requests.Count + MostDots - 1) / MostDots;
        int[] shown = [.. Enumerable.Range(0, run.Run.Requests.Count).Where(i => i % each == 0)];
        double?[] measured = [.. shown.Select(i => Value(i, run.Run.Requests[i].Times))];
        double?[] simulated = [.. shown.Select(i => Value(i, run.Replay.Times[i]))];
        if (!measured.Concat(simulated).Any(value => value is not null))
        {
            return null;
        }

        string which = each == 1 ? "each request" : $"one request in {each}";
        return TimeChart.Of($"{quantity.Name} by arrival, {which}", quantity.Unit, [.. shown.Select(i => run.Run.Requests[i].Arrival.Seconds)],
            [new(Measured, Measured, measured) { IsBroad = true }, new(Simulated, Simulated, simulated)], ChartKind.Dots);

        double? Value(int i, RequestTimes? times) => times is { } taken ? quantity.Of(run.Run.Requests[i], taken) * quantity.Scale : null;
    }

    private static IEnumerable<Chart> Loads(ValidatedRun run)
    {
        double[] seconds = [.. run.Replay.Load.Select(point => point.At.Seconds)];
        foreach (LoadComparison.Level level in LoadComparison.Levels)
        {
            TimeChart.Level[] levels =
            [
                .. run.Load?.MeanMeasured(level) is null ? Array.Empty<TimeChart.Level>()
                    : [new(Measured, Measured, [.. run.Run.Load.Select(Scaled)]) { IsBroad = true }],
                new(Simulated, Simulated, [.. run.Replay.Load.Select(Scaled)]),
            ];
            string unit = level.Scale > 1 ? "%" : "requests";
            yield return TimeChart.Of($"{char.ToUpperInvariant(level.Label[0])}{level.Label.Split(',')[0][1..]} over time", unit, seconds, levels);

            double? Scaled(LoadPoint point) => level.Of(point) * level.Scale;
        }
    }

    private static string Percent(double? share) => share?.ToString("0.0%", CultureInfo.InvariantCulture) ?? "none";

    /// <summary>What is measured of each request.</summary>
    private sealed record Quantity(string Name, string Unit, double Scale, Func<MeasuredRequest, RequestTimes, double?> Of);
}
