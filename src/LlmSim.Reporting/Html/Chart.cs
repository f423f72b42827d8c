using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmSim.Reporting.Html;

/// <summary>A chart, drawn from a table that stands below it: what a screen reader finds is what the eye sees.</summary>
internal sealed record Chart
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The same in a sentence or two with the main figures, for those who do not see it.</summary>
    public required string Description { get; init; }

    /// <summary>The horizontal axis.</summary>
    public required ChartAxis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required ChartAxis Y { get; init; }

    /// <summary>What is drawn.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>The points: numbers as <see cref="HtmlNumber.Plain"/> writes them.</summary>
    public required HtmlTable Data { get; init; }

    /// <summary>How high it is, in rem, for one that takes the whole width; 0 for the usual size.</summary>
    public double HeightRem { get; init; }

    /// <summary>Whether one reads off at a height, as a share of a distribution, instead of at a place along.</summary>
    public bool ReadsAlongY { get; init; }

    /// <summary>The chart without its data, as <c>report.js</c> takes it.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            X.Write(json, "x");
            Y.Write(json, "y");
            if (ReadsAlongY)
            {
                json.WriteString("along", "y");
            }

            json.WriteStartArray("series");
            foreach (ChartSeries series in Series)
            {
                series.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
