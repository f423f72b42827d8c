using System.Text.Json;
using LlmSim.Planning.Comparing;
using LlmSim.Scenarios;

namespace LlmSim.Reporting.Comparing;

/// <summary>A comparison as JSON: times in seconds, shares from 0 to 1, what has no value null.</summary>
internal static class ComparisonJson
{
    /// <summary>Gives the comparison as UTF-8, the same bytes for the same scenarios on any machine.</summary>
    /// <param name="comparison">What was compared.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(ScenarioComparison comparison, string version)
    {
        return JsonText.ToUtf8(json =>
        {
            json.WriteNumber("level", Difference.Level);
            json.WriteString("uncertainty", UncertaintyJson.Name(comparison.Mode));
            json.WriteBoolean("same_workload", comparison.HasSameWorkload);
            WriteKeys(json, comparison);
            WriteStrings(json, "warnings", ComparisonWords.Warnings(comparison));
            json.WriteStartArray("configurations");
            for (int i = 0; i < comparison.Runs.Count; i++)
            {
                WriteConfiguration(json, comparison, i);
            }

            json.WriteEndArray();
            json.WriteString("version", version);
        });
    }

    private static void WriteKeys(Utf8JsonWriter json, ScenarioComparison comparison)
    {
        json.WriteStartArray("differing_keys");
        foreach (KeyDifference key in comparison.Keys)
        {
            json.WriteStartObject();
            json.WriteString("key", key.Key);
            WriteStrings(json, "values", key.Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteConfiguration(Utf8JsonWriter json, ScenarioComparison comparison, int number)
    {
        ContenderRuns run = comparison.Runs[number];
        json.WriteStartObject();
        json.WriteString("letter", run.Contender.Letter);
        json.WriteString("file", run.Contender.Name);
        json.WriteBoolean("beyond_capacity", run.IsOverloaded);
        json.WriteNumber("draws_beyond_capacity", run.DrawsBeyondCapacity);
        json.WriteStartObject("figures");
        foreach (ComparedFigure figure in comparison.Figures)
        {
            WriteNumber(json, figure.Key, figure.Of(run.Statistics));
        }

        json.WriteEndObject();
        json.WriteStartObject("mean_e2el_parts");
        foreach (LatencyPart part in LatencyPart.All)
        {
            json.WriteNumber(part.Name.Replace(' ', '_'), Rounded(part.Of(run.Statistics)));
        }

        json.WriteEndObject();
        json.WriteStartObject("gpu_seconds_per_1000_output_tokens");
        foreach ((string name, double seconds) in GpuTime.ByOperator(run))
        {
            json.WriteNumber(name, Rounded(seconds));
        }

        json.WriteEndObject();
        if (number > 0)
        {
            WriteDifferences(json, comparison, number);
        }

        json.WritePropertyName("scenario");
        ScenarioJson.Write(json, run.Contender.Config);
        json.WriteEndObject();
    }

    private static void WriteDifferences(Utf8JsonWriter json, ScenarioComparison comparison, int number)
    {
        DifferenceIntervals intervals = comparison.With(number);
        json.WriteStartObject("differences_from_a");
        foreach (ComparedFigure figure in comparison.Figures)
        {
            if (intervals.Of(figure) is not { } difference)
            {
                json.WriteNull(figure.Key);
                continue;
            }

            json.WriteStartObject(figure.Key);
            WriteNumber(json, "change", difference.Change);
            WriteNumber(json, "low", difference.Low);
            WriteNumber(json, "high", difference.High);
            json.WriteNumber("noise", Rounded(difference.Noise));
            json.WriteNumber("model_error", Rounded(difference.Model));
            json.WriteString("verdict", difference.Verdict == Verdict.NotSteady ? "not_steady" : ComparisonWords.Of(difference.Verdict));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteStrings(json, "causes", ComparisonWords.Causes(comparison, number));
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Rounded(number));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static double Rounded(double value) => UncertaintyJson.Rounded(value);
}
