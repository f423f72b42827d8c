using System.Globalization;
using LlmSim.Catalog;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Planning.Objectives;

/// <summary>Objectives in the words of flags: <c>ttft.p99:500ms,tpot.p90:50ms</c>.</summary>
public static class ObjectiveText
{
    private const string Example = "ttft.p99:500ms,tpot.p90:50ms";
    private const string Mean = "mean";
    private const string Median = "median";
    private const double LongestSeconds = 1e6;

    private static readonly (string Word, LatencyMeasure Measure)[] Measures =
    [
        ("ttft", LatencyMeasure.FirstToken), ("tpot", LatencyMeasure.PerOutputToken), ("itl", LatencyMeasure.InterToken),
        ("e2el", LatencyMeasure.EndToEnd), ("e2e", LatencyMeasure.EndToEnd), ("queue", LatencyMeasure.Queue),
    ];

    // The longer unit first: 5ms ends with s as well.
    private static readonly (string Word, double Seconds)[] Units = [("ms", 1e-3), ("us", 1e-6), ("s", 1), ("", 1e-3)];

    /// <summary>A measure's word.</summary>
    public static string Word(LatencyMeasure measure) => Measures.First(entry => entry.Measure == measure).Word;

    /// <summary>Reads objectives.</summary>
    /// <param name="field">The flag or field that holds them, for messages.</param>
    /// <param name="text">
    /// Objectives with commas or blanks between, each a measure (ttft, tpot, itl, e2el, queue), a point, <c>mean</c>, <c>median</c> or a percentile such
    /// as p99, a colon and a time in ms (the default), s or us.
    /// </param>
    /// <exception cref="ConfigException">They cannot be read, or one stands twice; lists everything found.</exception>
    public static IReadOnlyList<LatencyObjective> Parse(string field, string text)
    {
        var objectives = new List<LatencyObjective>();
        var problems = new List<ConfigProblem>();
        foreach (string word in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (One(field, word, problems) is not { } objective)
            {
                continue;
            }

            if (objectives.Any(other => other.Name == objective.Name))
            {
                problems.Add(new ConfigProblem(field, word, $"{objective.Name} once", "Keep the stricter of the two."));
            }

            objectives.Add(objective);
        }

        if (objectives.Count == 0 && problems.Count == 0)
        {
            problems.Add(new ConfigProblem(field, "nothing", "at least one objective", $"Write for example {field} {Example}."));
        }

        return problems.Count == 0 ? objectives : throw new ConfigException(problems);
    }

    internal static string Time(SimTime time) => time.Seconds >= 10
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Milliseconds}ms");

    private static LatencyObjective? One(string field, string word, List<ConfigProblem> problems)
    {
        string[] parts = word.Split(':');
        string[] name = parts[0].Split('.', 2);
        LatencyMeasure? measure = Measures.Where(entry => entry.Word == name[0]).Select(entry => (LatencyMeasure?)entry.Measure).FirstOrDefault();
        if (measure is null)
        {
            IReadOnlyList<string> near = NearNames.Find(name[0], Measures.Select(entry => entry.Word));
            problems.Add(new ConfigProblem(field, word, "a measure: ttft, tpot, itl, e2el or queue",
                near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : $"Write for example {Example}."));
            return null;
        }

        (bool isStatistic, double? percent) = name.Length == 2 ? Statistic(name[1]) : (false, null);
        if (!isStatistic)
        {
            problems.Add(new ConfigProblem(field, word, "mean, median or a percentile above p0 up to p100",
                $"Say which: {name[0]}.p99 or {name[0]}.mean."));
        }

        double? seconds = parts.Length == 2 ? Seconds(parts[1]) : null;
        if (seconds is null)
        {
            problems.Add(new ConfigProblem(field, word, "a time above 0 and at most 1e6 s, behind a colon", $"Write for example {parts[0]}:500ms."));
        }

        return isStatistic && seconds is { } limit ? new LatencyObjective(measure.Value, percent, SimTime.FromSeconds(limit)) : null;
    }

    private static (bool IsOne, double? Percent) Statistic(string word) => word switch
    {
        Mean => (true, null),
        Median => (true, 50),
        ['p', .. string digits] when Number(digits) is { } percent and > 0 and <= 100 => (true, percent),
        _ => (false, null),
    };

    private static double? Seconds(string text)
    {
        (string unit, double scale) = Units.First(entry => text.EndsWith(entry.Word, StringComparison.Ordinal));
        return Number(text[..^unit.Length]) is { } value && value * scale is >= 1e-9 and <= LongestSeconds ? value * scale : null;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) ? value : null;
}
