using System.Globalization;

namespace LlmSim.Reporting.Html;

/// <summary>What stands in a cell of a table.</summary>
/// <param name="Text">The text.</param>
/// <param name="Heat">How strongly it is tinted, from 0 to 1.</param>
internal readonly record struct HtmlCell(string Text, double Heat = 0)
{
    /// <summary>Errors from here on have the strongest tint.</summary>
    private const double LargeError = 0.25;

    private const double StrongestTint = 0.6;

    /// <summary>Colour of its text: <c>good</c> or <c>bad</c>; null for that of all text.</summary>
    public string? Tone { get; init; }

    /// <summary>Text without a tint.</summary>
    public static implicit operator HtmlCell(string text) => new(text);

    /// <summary>Whether it is read as text, not compared as a number.</summary>
    public bool IsText { get; init; }

    /// <summary>Words, which may be many.</summary>
    public static HtmlCell Words(string text) => new(text) { IsText = true };

    /// <summary>A number to five digits, which a chart can read; nothing for null.</summary>
    public static HtmlCell Number(double? value) => HtmlNumber.Plain(value);

    /// <summary>A signed error in percent, tinted by its size.</summary>
    public static HtmlCell Error(double? share) => share is not { } error ? "–"
        : new HtmlCell(error.ToString("+0.0%;-0.0%;0.0%", CultureInfo.InvariantCulture), StrongestTint * Math.Min(1, Math.Abs(error) / LargeError));
}
