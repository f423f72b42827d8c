using LlmSim.Metrics;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting;

/// <summary>Intervals on the screen: those of mean and last percentile of each latency, and what they consist of.</summary>
internal static class IntervalLines
{
    private const int MostErrors = 3;
    private const char Unbroken = '\u00A0'; // Keeps a figure and its interval on one line.

    /// <summary>Adds the lines below the table of latencies.</summary>
    /// <param name="lines">Where to.</param>
    /// <param name="s">What came out.</param>
    /// <param name="percentiles">Percentiles in the table.</param>
    /// <param name="intervals">The intervals.</param>
    public static void Add(List<string> lines, SimulationStatistics s, double[] percentiles, FigureIntervals intervals)
    {
        AddLatencies("mean", latency => latency(s).Mean.Milliseconds, intervals.OfMean);
        if (percentiles.Length > 0)
        {
            double last = percentiles[^1];
            AddLatencies(LatencyTable.Head(last), latency => latency(s).Percentile(last).Milliseconds,
                (latency, isFirst) => intervals.OfPercentile(latency, last, isFirst));
        }

        if (Parts(s, intervals) is { } parts)
        {
            Add(lines, "Of these   ", parts);
        }

        void AddLatencies(
            string figure, Func<Func<SimulationStatistics, LatencySummary>, double> value,
            Func<Func<SimulationStatistics, LatencySummary?>, bool, PredictionInterval?> interval)
        {
            string[] known =
            [
                .. new[]
                {
                    One("TTFT", x => x.FirstTokenLatency, isFirst: true), One("TPOT", x => x.TimePerOutputToken, isFirst: false),
                    One("ITL", x => x.InterTokenLatency, isFirst: false), One("E2EL", x => x.EndToEndLatency, isFirst: false),
                    One("queue", x => x.QueueTime, isFirst: true),
                }.OfType<string>(),
            ];
            if (known.Length > 0)
            {
                Add(lines, $"{$"80% {figure}",-10} ", string.Join(", ", known));
            }

            string? One(string name, Func<SimulationStatistics, LatencySummary> latency, bool isFirst) => interval(latency, isFirst) is { } ends
                ? $"{name} {Short(value(latency))} {Of(ends, 1e3)}".Replace(' ', Unbroken)
                : null;
        }
    }

    /// <summary>An interval in brackets.</summary>
    /// <param name="ends">The interval.</param>
    /// <param name="scale">Factor to the unit shown.</param>
    public static string Of(PredictionInterval ends, double scale = 1) => $"({Short(ends.Low * scale)}–{Short(ends.High * scale)})";

    /// <summary>How much of the interval of mean end-to-end latency is noise, and how much which error; null where that is not known.</summary>
    /// <param name="s">What came out.</param>
    /// <param name="intervals">The intervals.</param>
    public static string? Parts(SimulationStatistics s, FigureIntervals intervals)
    {
        if (intervals.Spread(one => one.EndToEndLatency.Mean.Seconds) is not { } spread)
        {
            return null;
        }

        string noise = s.EndToEndLatency.MeanInterval is { } interval ? $"run-to-run noise {Percent(FigureIntervals.Noise(interval))}, " : "";
        (string Name, double Effect)[] errors =
        [
            .. spread.Effects.Select((effect, i) => (intervals.Errors[i].Name, Math.Abs(effect))).OrderByDescending(error => error.Item2)
                .Take(MostErrors).Where(error => error.Item2 * PredictionInterval.Deviations >= 0.0005),
        ];
        string most = errors.Length == 0 ? "" : $" ({string.Join(", ", errors.Select(error => $"{error.Name} {Percent(error.Effect)}"))})";
        string beyond = intervals.DrawsBeyondCapacity is > 0 and int draws
            ? $"; in {draws} of {intervals.Draws} draws of the errors the load is beyond capacity"
            : "";
        return $"{noise}model error {Percent((spread.Down + spread.Up) / 2)}{most} of mean E2EL{beyond}";
    }

    private static void Add(List<string> lines, string label, string text)
    {
        int from = lines.Count;
        TextLines.AddWrapped(lines, label, text);
        for (int i = from; i < lines.Count; i++)
        {
            lines[i] = lines[i].Replace(Unbroken, ' ');
        }
    }

    // Half of an 80% interval.
    private static string Percent(double deviation) => $"±{deviation * PredictionInterval.Deviations:0.0%}";

    private static string Short(double value) =>
        value < 9.995 ? $"{value:F2}" : value < 99.95 ? $"{value:F1}" : $"{value:F0}";
}
