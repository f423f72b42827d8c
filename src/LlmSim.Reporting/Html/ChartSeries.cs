using System.Text.Json;

namespace LlmSim.Reporting.Html;

/// <summary>What a chart draws of two columns of its table.</summary>
/// <param name="Name">As the key calls it.</param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="X">Column of the places along.</param>
/// <param name="Y">Column of the heights.</param>
/// <param name="Color">Name of its colour in <c>report.css</c>.</param>
internal sealed record ChartSeries(string Name, ChartKind Kind, int X, int Y, string Color)
{
    /// <summary>Whether it is a broad pale line, for others to be drawn over.</summary>
    public bool IsBroad { get; init; }

    /// <summary>Whether the area below it is tinted.</summary>
    public bool IsFilled { get; init; }

    /// <summary>Series of one stack stand on each other; null for none.</summary>
    public string? Stack { get; init; }

    /// <summary>Whether it only takes up room below the next of its stack, and is not seen.</summary>
    public bool IsSpacer { get; init; }

    /// <summary>Column with the names of its points, which are pointed at one by one; null for none.</summary>
    public int? Names { get; init; }

    /// <summary>Points of it that are marked, each with its name.</summary>
    public IReadOnlyList<(string Name, double X, double Y)> Marks { get; init; } = [];

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("kind", Kind switch { ChartKind.Line => "line", ChartKind.Dots => "scatter", _ => "bar" });
        json.WriteNumber("x", X);
        json.WriteNumber("y", Y);
        json.WriteString("color", Color);
        if (Kind == ChartKind.Dots)
        {
            json.WriteString("symbol", IsBroad ? "circle" : "triangle");
        }

        if (IsSpacer)
        {
            json.WriteBoolean("spacer", true);
        }

        if (Names is { } column)
        {
            json.WriteNumber("names", column);
        }

        if (IsBroad)
        {
            json.WriteBoolean("thick", true);
        }

        if (IsFilled)
        {
            json.WriteBoolean("fill", true);
        }

        if (Stack is not null)
        {
            json.WriteString("stack", Stack);
        }

        if (Marks.Count > 0)
        {
            json.WriteStartArray("marks");
            foreach ((string name, double x, double y) in Marks)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumber("x", x);
                json.WriteNumber("y", y);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
