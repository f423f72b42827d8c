using System.Buffers;
using System.Text.Json;
using LlmSim.Scenarios;
using LlmSim.Uncertainty;
using LlmSim.Validation;

namespace LlmSim.Reporting;

/// <summary>Measured against simulated as JSON: seconds, tokens a second, errors as shares; what has no value null.</summary>
internal static class ValidationJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Gives the comparison as UTF-8.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="skipSeconds">Seconds that the second comparisons leave out; null when there are none.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(IReadOnlyList<ValidatedRun> runs, double? skipSeconds, string version)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            json.WriteStartArray("runs");
            foreach (ValidatedRun run in runs)
            {
                WriteRun(json, run);
            }

            json.WriteEndArray();
            json.WriteStartObject("mean_absolute_error");
            WriteMeans(json, "all", [.. runs.Select(run => run.Whole)]);
            if (skipSeconds is not null)
            {
                WriteMeans(json, "after_skip", [.. runs.Select(run => run.Rest!)]);
            }

            json.WriteEndObject();
            if (runs.Count > 0 && runs[0].Whole.Drawn is not null)
            {
                WriteCoverage(json, runs);
            }

            JsonText.WriteOptional(json, "skip_seconds", skipSeconds);
            json.WriteString("version", version);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRun(Utf8JsonWriter json, ValidatedRun run)
    {
        json.WriteStartObject();
        json.WriteString("name", run.Run.Name);
        json.WriteNumber("requests", run.Run.Requests.Count);
        json.WriteStartArray("assumed");
        foreach (string note in run.Run.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteNumber("preemptions", run.Replay.Preemptions);
        WriteComparison(json, "all", run.Whole);
        if (run.Rest is { } rest)
        {
            WriteComparison(json, "after_skip", rest);
        }

        if (run.Whole.Drawn is { } drawn)
        {
            json.WriteNumber("draws", drawn.Draws);
            UncertaintyJson.WriteErrors(json, drawn.Factors);
        }

        if (run.Load is { } load)
        {
            WriteLoad(json, load);
        }

        json.WritePropertyName("scenario");
        ScenarioJson.Write(json, run.Run.Config);
        json.WriteEndObject();
    }

    private static void WriteLoad(Utf8JsonWriter json, LoadComparison load)
    {
        json.WriteStartObject("over_time");
        json.WriteNumber("moments", load.Measured.Count);
        foreach (LoadComparison.Level level in LoadComparison.Levels)
        {
            json.WriteStartObject(level.Name);
            JsonText.WriteOptional(json, "measured", load.MeanMeasured(level));
            JsonText.WriteOptional(json, "simulated", load.MeanSimulated(level));
            JsonText.WriteOptional(json, "mean_absolute_difference", load.MeanDifference(level));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteComparison(Utf8JsonWriter json, string name, Comparison comparison)
    {
        json.WriteStartObject(name);
        foreach (Figure figure in Figure.Shown(comparison))
        {
            json.WriteStartObject(figure.Name);
            JsonText.WriteOptional(json, "measured", figure.Of(comparison.Measured));
            JsonText.WriteOptional(json, "simulated", figure.Of(comparison.Simulated));
            JsonText.WriteOptional(json, "error", comparison.Error(figure));
            if (comparison.Drawn is not null)
            {
                UncertaintyJson.WriteInterval(json, "simulated", comparison.Interval(figure));
                WriteInside(json, comparison.IsInside(figure));
            }

            json.WriteEndObject();
        }

        WriteCounts(json, "answered", comparison, figures => figures.Answered);
        WriteCounts(json, "not_answered", comparison, figures => figures.Failed);
        json.WriteEndObject();
    }

    private static void WriteInside(Utf8JsonWriter json, bool? isInside)
    {
        if (isInside is { } known)
        {
            json.WriteBoolean("inside", known);
        }
        else
        {
            json.WriteNull("inside");
        }
    }

    private static void WriteCoverage(Utf8JsonWriter json, IReadOnlyList<ValidatedRun> runs)
    {
        json.WriteStartObject("coverage");
        Coverage all = Coverage.Of(runs.Select(run => run.Whole), Figure.All);
        json.WriteNumber("level", PredictionInterval.Level);
        json.WriteNumber("inside", all.Inside);
        json.WriteNumber("figures", all.Figures);
        json.WriteNumber("share", all.Share);
        foreach (Figure figure in Figure.All)
        {
            Coverage held = Coverage.Of(runs.Select(run => run.Whole), figure);
            json.WriteStartObject(figure.Name);
            json.WriteNumber("inside", held.Inside);
            json.WriteNumber("figures", held.Figures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, Comparison comparison, Func<Figures, int> count)
    {
        json.WriteStartObject(name);
        json.WriteNumber("measured", count(comparison.Measured));
        json.WriteNumber("simulated", count(comparison.Simulated));
        json.WriteEndObject();
    }

    private static void WriteMeans(Utf8JsonWriter json, string name, IReadOnlyList<Comparison> comparisons)
    {
        json.WriteStartObject(name);
        foreach (Figure figure in Figure.Shown(comparisons))
        {
            JsonText.WriteOptional(json, figure.Name, Comparison.MeanAbsoluteError(comparisons, figure));
        }

        json.WriteEndObject();
    }
}
