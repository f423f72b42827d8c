using System.Globalization;

namespace LlmSim.Workloads;

/// <summary>The plain format: seconds since the start, prompt tokens, output tokens.</summary>
internal sealed class PlainTraceFormat : TraceFormat
{
    private const decimal NanosecondsPerSecond = 1e9m;

    /// <inheritdoc />
    public override string Name => "plain";

    /// <inheritdoc />
    public override string ArrivalColumn => "arrival_s";

    /// <inheritdoc />
    public override string InputColumn => "input_tokens";

    /// <inheritdoc />
    public override string OutputColumn => "output_tokens";

    /// <inheritdoc />
    public override bool CountsFromFirstRow => false;

    /// <inheritdoc />
    public override string AllowedArrival => $"seconds since the start, such as 12.345, from 0 to {ArrivalLimit.Latest.Seconds:0}";

    /// <inheritdoc />
    public override bool TryParseArrival(ReadOnlySpan<char> text, out long nanoseconds)
    {
        // Decimal, not double: digits are taken as written, so that 0.1 s is exactly 100,000,000 ns.
        nanoseconds = 0;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds)
            || seconds < 0 || seconds > ArrivalLimit.Latest.Nanoseconds / NanosecondsPerSecond)
        {
            return false;
        }

        nanoseconds = (long)decimal.Round(seconds * NanosecondsPerSecond);
        return true;
    }

    /// <inheritdoc />
    public override string Show(long nanoseconds) =>
        (nanoseconds / NanosecondsPerSecond).ToString("0.#########", CultureInfo.InvariantCulture);
}
