using LlmSim.Metrics;
using LlmSim.Simulation;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting;

/// <summary>The latencies on the screen: a row for each, and how far their mean and last percentile can be trusted.</summary>
internal static class LatencyTable
{
    private const int LabelColumns = 39;
    private const int MostPercentiles = 3;

    /// <summary>Adds the table.</summary>
    /// <param name="lines">Where to.</param>
    /// <param name="s">What came out.</param>
    /// <param name="percentiles">Percentiles to show beside the median; those that do not fit are left out.</param>
    /// <param name="intervals">Intervals that hold the model's error as well; null for those of noise alone.</param>
    public static void Add(List<string> lines, SimulationStatistics s, IReadOnlyList<double> percentiles, FigureIntervals? intervals)
    {
        double[] shown = [.. percentiles.Where(percent => percent != 50).Take(MostPercentiles)];
        string heads = string.Concat(shown.Select(percent => $"{Head(percent),8}"));
        lines.Add($"------------------ Latency (ms) -------{"Mean",8}{"Median",8}{heads}");
        AddRow("Time to First Token", s.FirstTokenLatency);
        AddRow("Time per Output Token (excl. 1st token)", s.TimePerOutputToken);
        AddRow("Inter-token Latency", s.InterTokenLatency);
        AddRow("End-to-end Latency", s.EndToEndLatency);
        AddRow("Queue time", s.QueueTime);
        if (intervals is not null)
        {
            IntervalLines.Add(lines, s, shown, intervals);
            return;
        }

        AddIntervals("mean", latency => latency.MeanInterval);
        if (shown.Length > 0)
        {
            AddIntervals(Head(shown[^1]), latency => latency.PercentileInterval(shown[^1]));
        }

        void AddRow(string label, LatencySummary latency) => lines.Add(latency.Count == 0
            ? $"{label,-LabelColumns}{"none",8}"
            : $"{label,-LabelColumns}{Cell(latency.Mean)}{Cell(latency.P50)}"
                + string.Concat(shown.Select(percent => Cell(latency.Percentile(percent)))));

        void AddIntervals(string figure, Func<LatencySummary, ConfidenceInterval?> interval)
        {
            (string Name, ConfidenceInterval? Interval)[] all =
            [
                ("TTFT", interval(s.FirstTokenLatency)), ("TPOT", interval(s.TimePerOutputToken)), ("ITL", interval(s.InterTokenLatency)),
                ("E2EL", interval(s.EndToEndLatency)), ("queue", interval(s.QueueTime)),
            ];
            string[] known =
            [
                .. all.Where(entry => entry.Interval is not null)
                    .Select(entry => $"{entry.Name} {Short(entry.Interval!.Value.HalfWidth.Milliseconds)}"),
            ];
            if (known.Length > 0)
            {
                TextLines.AddWrapped(lines, $"{$"95% sure: {figure} ±",-19} ", string.Join(", ", known));
            }
        }
    }

    /// <summary>A percentile as columns are headed.</summary>
    public static string Head(double percent) => Percentiles.Name(percent).ToUpperInvariant();

    // Seven digits and a point at most, so that columns stay apart: 9999.99, 99999.9, 9999999.
    private static string Cell(SimTime time)
    {
        double milliseconds = time.Milliseconds;
        return milliseconds < 9999.995 ? $"{milliseconds,8:F2}"
            : milliseconds < 99999.95 ? $"{milliseconds,8:F1}" : $" {milliseconds,7:F0}";
    }

    private static string Short(double milliseconds) =>
        milliseconds < 9.995 ? $"{milliseconds:F2}" : milliseconds < 99.95 ? $"{milliseconds:F1}" : $"{milliseconds:F0}";
}
