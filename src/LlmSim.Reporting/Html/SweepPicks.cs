using System.Globalization;
using System.Net;
using System.Text;
using LlmSim.Planning.Sweeps;

namespace LlmSim.Reporting.Html;

/// <summary>The lists from which the reader of a sweep's page picks what its chart shows.</summary>
internal static class SweepPicks
{
    private const string FirstFigure = "p99_ttft_ms";

    /// <summary>The lists as markup.</summary>
    /// <param name="header">Which sweep it is.</param>
    /// <param name="columns">Columns of the table of runs: the run's number, the axes, the status, the figures and two of words.</param>
    /// <param name="rows">The rows on the page.</param>
    public static string Form(SweepHeader header, string[] columns, IReadOnlyList<SweepRow> rows)
    {
        int axes = header.Columns.Sum(one => one.Count);
        int[] all = [.. Enumerable.Range(1, axes)];
        int[] figures = [.. Enumerable.Range(0, SweepFigures.All.Count).Where(i => rows.Any(row => row.Figure(i) is not null)).Select(i => i + axes + 2)];
        (int along, int colour) = FirstPicks(header);
        var form = new StringBuilder("<form class=\"picks\" aria-label=\"What the chart shows\">\n");
        form.Append(CultureInfo.InvariantCulture, $"<script type=\"application/json\">{Dimensions(header)}</script>\n");
        AddList(form, "Along", "x", [.. all.Concat(figures).Select(column => ($"{column}", columns[column]))], $"{along}");
        AddList(form, "Up", "y", [.. figures.Select(column => ($"{column}", columns[column]))], $"{axes + 2 + SweepFigures.IndexOf(FirstFigure)}");
        AddList(form, "Colour", "colour", [("", "none"), .. all.Select(column => ($"{column}", columns[column]))], colour > 0 ? $"{colour}" : "");
        for (int i = 0; i < header.Columns.Count; i++)
        {
            int dimension = i;
            string[] places = [.. rows.Select(row => header.Grid.At(row.Point, dimension)).Distinct().Order()
                .Select(place => string.Join(" + ", header.Columns[dimension].Select(column => column.Texts[place])))];
            AddList(form, string.Join(" + ", header.Columns[i].Select(column => column.Name)), $"at{i}", [("", "all"), .. places.Select(text => (text, text))],
                rows.Count < header.Grid.Count ? "" : places[0]);
        }

        form.Append("<label><input type=\"checkbox\" name=\"xlog\"> logarithmic along</label>\n<label><input type=\"checkbox\" name=\"ylog\"> logarithmic up</label>\n");
        return form.Append("</form>\n").ToString();
    }

    // Along: the axis of numbers with the most values; colour: the first axis that does not move with it.
    private static (int Along, int Colour) FirstPicks(SweepHeader header)
    {
        (int Column, int Dimension, SweepColumn Axis)[] axes =
            [.. header.Columns.SelectMany((columns, dimension) => columns.Select(column => (dimension, column))).Select((axis, i) => (i + 1, axis.dimension, axis.column))];
        (int column, int dimension, _) = axes.MaxBy(axis => axis.Axis.Texts.All(text => Scenarios.Kinds.TryParseDouble(text, out _)) ? axis.Axis.Texts.Count : 0);
        return (column, axes.FirstOrDefault(axis => axis.Dimension != dimension && axis.Axis.Texts.Count > 1).Column);
    }

    private static string Dimensions(SweepHeader header)
    {
        int column = 0;
        return $"[{string.Join(',', header.Columns.Select(columns => $"[{string.Join(',', columns.Select(_ => ++column))}]"))}]";
    }

    private static void AddList(StringBuilder form, string label, string name, IReadOnlyList<(string Value, string Text)> options, string picked)
    {
        form.Append(CultureInfo.InvariantCulture, $"<label>{WebUtility.HtmlEncode(label)} <select name=\"{name}\">\n");
        foreach ((string value, string text) in options)
        {
            string mark = value == picked ? " selected" : "";
            form.Append(CultureInfo.InvariantCulture, $"<option value=\"{WebUtility.HtmlEncode(value)}\"{mark}>{WebUtility.HtmlEncode(text)}</option>\n");
        }

        form.Append("</select></label>\n");
    }
}
