using System.Globalization;

namespace LlmSim.Workloads;

/// <summary>
/// The Azure LLM inference traces of 2023 and 2024 as published: a date and time of day, prompt tokens, generated tokens.
/// </summary>
/// <remarks>
/// Times look like <c>2023-11-16 18:15:46.6805900</c> or <c>2024-05-10 00:00:00.009930+00:00</c>; without an offset they
/// are taken as UTC. See https://github.com/Azure/AzurePublicDataset.
/// </remarks>
internal sealed class AzureTraceFormat : TraceFormat
{
    private const string SecondsFormat = "yyyy-MM-dd HH:mm:ss";

    private static readonly string[] SecondsFormats = [SecondsFormat, "yyyy-MM-dd'T'HH:mm:ss"];

    /// <inheritdoc />
    public override string Name => "Azure LLM inference trace";

    /// <inheritdoc />
    public override string ArrivalColumn => "TIMESTAMP";

    /// <inheritdoc />
    public override string InputColumn => "ContextTokens";

    /// <inheritdoc />
    public override string OutputColumn => "GeneratedTokens";

    /// <inheritdoc />
    public override bool CountsFromFirstRow => true;

    /// <inheritdoc />
    public override string AllowedArrival =>
        "a date and time such as 2023-11-16 18:15:46.6805900 or 2024-05-10 00:00:00.009930+00:00, from 1970 to 2116";

    /// <inheritdoc />
    public override bool TryParseArrival(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        if (text.Length < SecondsFormat.Length
            || !DateTime.TryParseExact(text[..SecondsFormat.Length], SecondsFormats, CultureInfo.InvariantCulture,
                DateTimeStyles.None, out DateTime time)
            || !TryTakeFraction(text[SecondsFormat.Length..], out int fraction, out ReadOnlySpan<char> offsetText)
            || !TryParseOffset(offsetText, out TimeSpan offset))
        {
            return false;
        }

        TimeSpan sinceEpoch = time - DateTime.UnixEpoch - offset;
        Int128 total = (Int128)sinceEpoch.Ticks * TimeSpan.NanosecondsPerTick + fraction;
        nanoseconds = (long)total;
        return total >= 0 && total <= ArrivalLimit.Latest.Nanoseconds;
    }

    /// <inheritdoc />
    public override string Show(long nanoseconds) =>
        DateTime.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
            .ToString(SecondsFormat + ".fffffff", CultureInfo.InvariantCulture);

    /// <summary>Reads a fraction of a second with 1 to 9 digits, if there is one, in nanoseconds.</summary>
    private static bool TryTakeFraction(ReadOnlySpan<char> text, out int nanoseconds, out ReadOnlySpan<char> rest)
    {
        nanoseconds = 0;
        rest = text;
        if (text.IsEmpty || text[0] != '.')
        {
            return true;
        }

        int digits = 0;
        while (digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))
        {
            digits++;
        }

        rest = text[(digits + 1)..];
        if (digits is < 1 or > 9)
        {
            return false;
        }

        nanoseconds = int.Parse(text.Slice(1, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        for (int i = digits; i < 9; i++)
        {
            nanoseconds *= 10;
        }

        return true;
    }

    /// <summary>Reads nothing, <c>Z</c>, or an offset such as <c>+01:00</c>.</summary>
    private static bool TryParseOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text.IsEmpty || text is "Z")
        {
            return true;
        }

        bool east = text[0] == '+';
        return (east || text[0] == '-')
            && TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture,
                east ? TimeSpanStyles.None : TimeSpanStyles.AssumeNegative, out offset);
    }
}
