using System.Globalization;
using LlmSim.Catalog;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Planning.Sweeps;

/// <summary>Values of an axis in short: <c>{from: 1, to: 16, step: 1}</c>, or <c>{from: 1, to: 64, count: 7, scale: log}</c>.</summary>
internal static class AxisRange
{
    private const string Example = "Write for example {from: 1, to: 16, step: 1}, {from: 0.5, to: 8, count: 16} or {from: 1, to: 64, count: 7, scale: log}.";
    private const int Digits = 12;

    private static readonly string[] Keys = ["from", "to", "step", "count", "scale"];

    /// <summary>The values, each given where the range is; empty when it cannot be read, with what is wrong added to <paramref name="problems"/>.</summary>
    /// <param name="node">The range.</param>
    /// <param name="field">The axis, for messages.</param>
    /// <param name="problems">Where problems go.</param>
    public static List<ScenarioNode> Read(ScenarioNode node, string field, List<ConfigProblem> problems)
    {
        int before = problems.Count;
        foreach ((string key, ScenarioNode value) in node.Children)
        {
            if (!Keys.Contains(key))
            {
                Add(value, key, "this key", $"known keys: {string.Join(", ", Keys)}",
                    NearNames.Find(key, Keys) is { Count: > 0 } near ? $"Did you mean {near[0]}?" : Example);
            }
        }

        bool isLog = node["scale"]?.Text switch { null when node["scale"] is null => false, "linear" => false, "log" => true, _ => Scale() };
        decimal? from = Number("from"), to = Number("to");
        if (node["step"] is null == node["count"] is null)
        {
            Add(node, "", node["step"] is null ? "a range without step or count" : "step and count", "one of step and count", Example);
        }
        else if (node["step"] is not null && isLog)
        {
            Add(node["step"]!, "step", "a step", "count, where scale is log", Example);
        }

        decimal? step = node["step"] is null ? null : Number("step"), count = node["count"] is null ? null : Number("count");
        if (problems.Count > before)
        {
            return [];
        }

        Check(from!.Value, to!.Value, step, count, isLog);
        return problems.Count > before ? [] : [.. Values(from.Value, to.Value, step, (int)(count ?? 0), isLog).Select(value => node.WithText(Text(value)))];

        bool Scale()
        {
            Add(node["scale"]!, "scale", node["scale"]!.Describe(), "linear or log", Example);
            return false;
        }

        decimal? Number(string key)
        {
            if (node[key] is { Text: { } text }
                && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && Math.Abs(number) <= 1e15m)
            {
                return number;
            }

            Add(node[key] ?? node, key, node[key]?.Describe() ?? "nothing", "a number of at most 1e15", Example);
            return null;
        }

        void Check(decimal first, decimal last, decimal? by, decimal? values, bool log)
        {
            if (log && (first <= 0 || last <= 0))
            {
                Add(node, first <= 0 ? "from" : "to", Text(Math.Min(first, last)), "above 0, where scale is log", "Begin above 0, or use linear.");
            }
            else if (by is { } distance && (distance == 0 || (last - first) / distance < 0))
            {
                Add(node["step"]!, "step", Text(distance), $"not 0, and from {Text(first)} towards {Text(last)}", "Turn its sign, or swap from and to.");
            }
            else if (by is { } one && (last - first) / one >= SweepSpec.MostRuns)
            {
                Add(node["step"]!, "step", Text(one), $"at most {SweepSpec.MostRuns} values", "Take a larger step.");
            }
            else if (values is { } many && (many != Math.Floor(many) || many < 2 || many > SweepSpec.MostRuns))
            {
                Add(node["count"]!, "count", Text(many), $"a whole number from 2 to {SweepSpec.MostRuns}", "Say how many values to take, both ends included.");
            }
        }

        void Add(ScenarioNode place, string key, string value, string allowed, string fix) =>
            problems.Add(new ConfigProblem(place.Label(key.Length == 0 ? field : $"{field}.{key}"), value, allowed, fix));
    }

    // Steps are counted in decimals, so that 0.1 three times is 0.3.
    private static IEnumerable<decimal> Values(decimal from, decimal to, decimal? step, int count, bool isLog)
    {
        int values = step is { } by ? (int)Math.Floor((to - from) / by) + 1 : count;
        for (int i = 0; i < values; i++)
        {
            yield return step is { } one ? from + (i * one)
                : i == 0 ? from
                : i == count - 1 ? to
                : isLog ? Between(from, to, (double)i / (count - 1))
                : Rounded((double)(from + ((to - from) * i / (count - 1))));
        }
    }

    private static decimal Between(decimal from, decimal to, double share) =>
        Rounded((double)from * DeterministicMath.Exp(share * DeterministicMath.Log((double)(to / from))));

    // To as many digits as are sure to be the same for any way of working it out: 10 between 1 and 100, not 10.000000000000002.
    private static decimal Rounded(double value) =>
        decimal.Parse(value.ToString($"G{Digits}", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Text(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);
}
