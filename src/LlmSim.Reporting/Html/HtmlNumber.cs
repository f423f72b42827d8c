using System.Globalization;

namespace LlmSim.Reporting.Html;

/// <summary>Numbers as pages show them.</summary>
internal static class HtmlNumber
{
    private const int Digits = 5;

    /// <summary>A number to five digits, without an exponent; nothing for null.</summary>
    public static string Plain(double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            return "";
        }

        double size = Math.Abs(number);
        int whole = 0;
        for (double bound = 1; size >= bound; bound *= 10)
        {
            whole++;
        }

        int decimals = Math.Max(0, Digits - whole);
        for (double bound = 0.1; size > 0 && size < bound && decimals < 12; bound /= 10)
        {
            decimals++;
        }

        return number.ToString(decimals == 0 ? "0" : $"0.{new string('#', decimals)}", CultureInfo.InvariantCulture);
    }

    /// <summary>A number to be read at a glance: three digits, or all before the point.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        return value.ToString(size >= 99.95 ? "0" : size >= 9.995 ? "0.0" : size >= 0.9995 || size == 0 ? "0.00" : "0.000", CultureInfo.InvariantCulture);
    }
}
