namespace LlmSim.Reporting.Html;

/// <summary>A table: the first column names its rows, the others hold numbers.</summary>
/// <param name="Columns">Heads of all columns.</param>
/// <param name="Rows">Cells of each row, as many as there are columns.</param>
internal sealed record HtmlTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<HtmlCell>> Rows);
