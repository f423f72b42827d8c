using System.Text.Json;

namespace LlmSim.Reporting.Html;

/// <summary>An axis of a chart.</summary>
/// <param name="Name">What it measures, with its unit.</param>
/// <param name="Unit">The unit alone.</param>
internal sealed record ChartAxis(string Name, string Unit = "")
{
    /// <summary>Whether it is logarithmic. All values are above 0 then.</summary>
    public bool IsLog { get; init; }

    /// <summary>Where it begins; null for where the values do.</summary>
    public double? Least { get; init; }

    /// <summary>Where it ends; null for where the values do.</summary>
    public double? Most { get; init; }

    /// <summary>Distance of its ticks; null for what fits.</summary>
    public double? Step { get; init; }

    /// <summary>The column with the names that it lists instead of numbers; null for none.</summary>
    public int? Categories { get; init; }

    internal void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("name", Name);
        json.WriteString("unit", Unit);
        if (IsLog)
        {
            json.WriteBoolean("log", true);
        }

        if (Least is { } least)
        {
            json.WriteNumber("min", least);
        }

        if (Most is { } most)
        {
            json.WriteNumber("max", most);
        }

        if (Step is { } step)
        {
            json.WriteNumber("step", step);
        }

        if (Categories is { } column)
        {
            json.WriteNumber("categories", column);
        }

        json.WriteEndObject();
    }
}
