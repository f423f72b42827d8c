using System.Globalization;
using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Reporting.Timeline;

/// <summary>A part of a run, for example <c>10s..12s</c>.</summary>
/// <param name="From">Its start.</param>
/// <param name="To">Its end, which is not in it; later than the start, <see cref="SimTime.Never"/> for the run's own.</param>
internal readonly record struct TimeWindow(SimTime From, SimTime To)
{
    private const decimal NsPerSecond = 1e9m;
    private const decimal LongestNs = 1e18m;
    private const string Example = "10s..12s";

    // The longer unit first: 5ms ends with s as well.
    private static readonly (string Word, decimal Ns)[] Units =
        [("min", 60 * NsPerSecond), ("ms", 1e6m), ("us", 1e3m), ("ns", 1), ("s", NsPerSecond), ("", NsPerSecond)];

    /// <summary>The whole run.</summary>
    public static TimeWindow All { get; } = new(SimTime.Zero, SimTime.Never);

    /// <summary>Reads a window.</summary>
    /// <param name="field">The flag that holds it, for messages.</param>
    /// <param name="text">Two times with <c>..</c> between, each in s (the default), min, ms, us or ns; either may be missing, for start and end of the run.</param>
    /// <exception cref="ConfigException">It cannot be read, or ends before it starts.</exception>
    public static TimeWindow Parse(string field, string text)
    {
        string[] ends = text.Split("..");
        if (ends.Length != 2)
        {
            throw Problem("two times with .. between", $"Write for example {field} {Example}, or 10s.. for all from 10 s on.");
        }

        SimTime? from = Time(ends[0], SimTime.Zero), to = Time(ends[1], SimTime.Never);
        if (from is null || to is null)
        {
            throw Problem("times from 0 to 1e9 s, in s, min, ms, us or ns", $"Write for example {field} {Example}.");
        }

        return from.Value < to.Value ? new TimeWindow(from.Value, to.Value)
            : throw Problem("an end later than the start", ends[0] == ends[1] ? "Let it last a while." : $"Write {field} {ends[1]}..{ends[0]}.");

        ConfigException Problem(string allowed, string fix) => new(new ConfigProblem(field, text.Length == 0 ? "nothing" : text, allowed, fix));
    }

    /// <summary>Whether a moment is in it.</summary>
    public bool Contains(SimTime time) => time >= From && time < To;

    /// <summary>Whether anything of a stretch of time is in it; one without length counts as a moment.</summary>
    public bool Overlaps(SimTime start, SimTime end) => start < To && (end > From || start >= From);

    private static SimTime? Time(string text, SimTime missing)
    {
        if (text.Length == 0)
        {
            return missing;
        }

        (string unit, decimal scale) = Units.First(entry => text.EndsWith(entry.Word, StringComparison.Ordinal));
        return decimal.TryParse(text[..^unit.Length].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            && value <= LongestNs / scale
            ? new SimTime((long)decimal.Round(value * scale))
            : null;
    }
}
