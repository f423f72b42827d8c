using System.Globalization;
using System.Text.Json;
using LlmSim.Uncertainty;

namespace LlmSim.Reporting;

/// <summary>Intervals in result files, and how they were found.</summary>
internal static class UncertaintyJson
{
    /// <summary>What the key of an interval adds to that of its figure: a prediction interval of 80%.</summary>
    private const string Suffix = "_pi80";

    /// <summary>Writes how intervals were found; nothing without intervals.</summary>
    public static void Write(Utf8JsonWriter json, FigureIntervals? intervals)
    {
        if (intervals is null)
        {
            return;
        }

        json.WriteStartObject("uncertainty");
        json.WriteString("mode", Name(intervals.Mode));
        json.WriteNumber("level", PredictionInterval.Level);
        json.WriteNumber("draws", intervals.Draws);
        json.WriteNumber("requests_per_draw", intervals.RequestsPerDraw);
        json.WriteNumber("draws_beyond_capacity", intervals.DrawsBeyondCapacity);
        WriteErrors(json, intervals.Errors);
        json.WriteEndObject();
    }

    /// <summary>Writes the errors that were drawn.</summary>
    public static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<ErrorFactor> errors)
    {
        json.WriteStartArray("errors");
        foreach (ErrorFactor error in errors)
        {
            json.WriteStartObject();
            json.WriteString("of", error.Name);
            json.WriteNumber("deviation", error.Deviation);
            json.WriteString("from", error.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the interval of a figure: [low, high], or null.</summary>
    public static void WriteInterval(Utf8JsonWriter json, string figure, PredictionInterval? interval)
    {
        if (interval is not { } ends)
        {
            json.WriteNull(figure + Suffix);
            return;
        }

        json.WriteStartArray(figure + Suffix);
        json.WriteNumberValue(Rounded(ends.Low));
        json.WriteNumberValue(Rounded(ends.High));
        json.WriteEndArray();
    }

    /// <summary>A mode as flags call it.</summary>
    public static string Name(UncertaintyMode mode) => $"{mode}".ToLowerInvariant();

    /// <summary>A number to six digits: more would be noise of the method.</summary>
    internal static double Rounded(double value) =>
        double.Parse(value.ToString("E5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
