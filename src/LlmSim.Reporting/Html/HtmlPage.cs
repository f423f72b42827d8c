using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace LlmSim.Reporting.Html;

/// <summary>A page in one file that loads nothing: text, figures, tables and charts, light and dark, for any width and for paper.</summary>
internal sealed class HtmlPage
{
    private const string Resources = "LlmSim.Reporting.Html.";

    private readonly StringBuilder _body = new();
    private readonly string _title;
    private readonly List<string> _scripts = [];
    private int _charts;

    /// <summary>Begins a page.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="subtitle">What stands below it.</param>
    public HtmlPage(string title, string subtitle)
    {
        _title = title;
        _body.Append(CultureInfo.InvariantCulture, $"<header>\n<h1>{Escape(title)}</h1>\n<p class=\"soft\">{Escape(subtitle)}</p>\n</header>\n");
    }

    /// <summary>Adds links to the sections.</summary>
    /// <param name="sections">Their headings, in order.</param>
    public void Contents(IEnumerable<string> sections)
    {
        _body.Append("<nav aria-label=\"Sections\">\n");
        int i = 0;
        foreach (string section in sections)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<a href=\"#s{++i}\">{Escape(section)}</a>\n");
        }

        _body.Append("</nav>\n");
    }

    /// <summary>Begins a section.</summary>
    /// <param name="heading">Its heading.</param>
    /// <param name="number">Its number among those of <see cref="Contents"/>, from 1; 0 when it is not listed.</param>
    public void Section(string heading, int number = 0) => _body.Append(CultureInfo.InvariantCulture,
        $"<h2{(number > 0 ? $" id=\"s{number}\"" : "")}>{Escape(heading)}</h2>\n");

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="isSoft">Whether it is a remark on what stands above.</param>
    public void Paragraph(string text, bool isSoft = false) =>
        _body.Append(CultureInfo.InvariantCulture, $"<p{(isSoft ? " class=\"soft\"" : "")}>{Escape(text)}</p>\n");

    /// <summary>Adds lines of equal rank, if there are any.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="isWarning">Whether they are to be noticed.</param>
    public void List(IReadOnlyCollection<string> lines, bool isWarning = false)
    {
        if (lines.Count > 0)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<ul class=\"{(isWarning ? "warnings" : "soft")}\">\n");
            _body.AppendJoin("", lines.Select(line => $"<li>{Escape(line)}</li>\n")).Append("</ul>\n");
        }
    }

    /// <summary>Adds figures in large type.</summary>
    public void Tiles(IEnumerable<FigureTile> tiles)
    {
        _body.Append("<dl class=\"tiles\">\n");
        foreach (FigureTile tile in tiles)
        {
            string unit = tile.Unit.Length > 0 ? $" {tile.Unit}" : "";
            string? sure = tile.Interval is { } interval ? $"{HtmlNumber.Short(interval.Low)} to {HtmlNumber.Short(interval.High)}{unit}" : null;
            string below = string.Join("; ", new[] { sure, tile.Note }.OfType<string>());
            _body.Append(CultureInfo.InvariantCulture, $"<div><dt>{Escape(tile.Label)}</dt><dd>{Escape(tile.Value)}");
            _body.Append(unit.Length > 0 ? $" <small>{Escape(tile.Unit)}</small></dd>" : "</dd>");
            _body.Append(below.Length > 0 ? $"<dd>{Escape(below)}</dd></div>\n" : "</div>\n");
        }

        _body.Append("</dl>\n");
    }

    /// <summary>Adds a table.</summary>
    public void Table(HtmlTable table)
    {
        _body.Append("<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>");
        for (int i = 0; i < table.Columns.Count; i++)
        {
            string words = table.Rows.Count > 0 && table.Rows[0][i].IsText ? " class=\"words\"" : "";
            _body.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{words}>{Escape(table.Columns[i])}</th>");
        }

        _body.Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<HtmlCell> row in table.Rows)
        {
            _body.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Escape(row[0].Text)}</th>");
            foreach (HtmlCell cell in row.Skip(1))
            {
                string tint = cell.IsText ? " class=\"words\""
                    : cell.Heat > 0 ? string.Create(CultureInfo.InvariantCulture, $" class=\"heat\" style=\"--h:{cell.Heat:0.00}\"")
                    : cell.Tone is { } tone ? $" class=\"{tone}\"" : "";
                _body.Append(CultureInfo.InvariantCulture, $"<td{tint}>{Escape(cell.Text)}</td>");
            }

            _body.Append("</tr>\n");
        }

        _body.Append("</tbody>\n</table></div>\n");
    }

    /// <summary>Adds charts, beside each other where there is room.</summary>
    public void Charts(IEnumerable<Chart> charts)
    {
        _body.Append("<div class=\"charts\">\n");
        foreach (Chart chart in charts)
        {
            _charts++;
            _body.Append(CultureInfo.InvariantCulture, $"<figure{(chart.HeightRem > 0 ? " class=\"tall\"" : "")}>\n<figcaption><h3>{Escape(chart.Title)}</h3><p class=\"key\">");
            foreach (ChartSeries series in chart.Series.Where(series => !series.IsSpacer))
            {
                string mark = series.Kind switch { ChartKind.Dots => " dots", ChartKind.Bars => " blocks", _ => "" };
                string tint = series.Color is "c3" or "c4" or "c5" ? series.Color : $"c-{series.Color}";
                _body.Append(CultureInfo.InvariantCulture, $"<span class=\"{tint}{mark}\">{Escape(series.Name)}</span>");
            }

            string height = chart.HeightRem > 0 ? string.Create(CultureInfo.InvariantCulture, $" style=\"height:{chart.HeightRem:0.0}rem\"") : "";
            string up = chart.Y.Name.Length > 0 ? $"<span class=\"up\">{Escape(chart.Y.Name)}</span>" : "";
            _body.Append(CultureInfo.InvariantCulture, $"{up}</p></figcaption>\n<script type=\"application/json\">{chart.ToJson()}</script>\n");
            _body.Append(CultureInfo.InvariantCulture, $"<div class=\"plot\"{height} role=\"img\" aria-label=\"{Escape($"{chart.Title}. {chart.Description}")}\"></div>\n");
            _body.Append("<details><summary>The same as a table</summary>\n");
            Table(chart.Data);
            _body.Append("</details>\n</figure>\n");
        }

        _body.Append("</div>\n");
    }

    /// <summary>Adds markup of a page's own.</summary>
    /// <param name="markup">The markup, in which all text is escaped.</param>
    /// <param name="script">An embedded script that prepares charts before they are drawn; null for none.</param>
    public void Own(string markup, string? script = null)
    {
        _body.Append(markup);
        if (script is not null)
        {
            _scripts.Add(script);
        }
    }

    /// <summary>The whole page.</summary>
    /// <param name="footer">What stands at its end.</param>
    public byte[] ToUtf8(string footer)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");

        // Nothing may be loaded, so nothing can be told to anybody.
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Escape(_title)}</title>\n<style>\n{Text("report.css")}</style>\n</head>\n<body>\n<main>\n");
        page.Append(_body).Append(CultureInfo.InvariantCulture, $"<footer>{Escape(footer)}</footer>\n</main>\n");
        if (_charts > 0)
        {
            foreach (string script in (string[])["echarts.min.js.gz", .. _scripts, "report.js"])
            {
                page.Append(CultureInfo.InvariantCulture, $"<script>\n{Text(script)}</script>\n");
            }
        }

        return Encoding.UTF8.GetBytes(page.Append("</body>\n</html>\n").ToString());
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static string Text(string name)
    {
        using Stream stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(Resources + name)!;
        using Stream content = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using var reader = new StreamReader(content, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
