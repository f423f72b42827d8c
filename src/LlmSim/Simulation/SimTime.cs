using System.Diagnostics;

namespace LlmSim.Simulation;

/// <summary>A moment in simulated time: whole nanoseconds since the start. Also used for lengths of time.</summary>
/// <remarks>Range 0 to about 292 years. Integers, so that order never depends on machine or compiler.</remarks>
/// <param name="Nanoseconds">Nanoseconds since the start of the simulation.</param>
[DebuggerDisplay("{Seconds} s")]
public readonly record struct SimTime(long Nanoseconds) : IComparable<SimTime>
{
    /// <summary>Start of the simulation.</summary>
    public static readonly SimTime Zero;

    /// <summary>Later than everything that happens.</summary>
    public static readonly SimTime Never = new(long.MaxValue);

    /// <summary>The value in seconds, for output.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>The value in milliseconds, for output.</summary>
    public double Milliseconds => Nanoseconds / 1e6;

    /// <summary>Nearest whole nanosecond to a number of seconds.</summary>
    /// <param name="seconds">Seconds, from 0 to 9.2e9.</param>
    /// <exception cref="OverflowException">Not a number, or out of range.</exception>
    public static SimTime FromSeconds(double seconds) => new(checked((long)Math.Round(seconds * 1e9)));

    /// <inheritdoc />
    public int CompareTo(SimTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Later moment, or sum of two lengths of time.</summary>
    public static SimTime operator +(SimTime a, SimTime b) => new(a.Nanoseconds + b.Nanoseconds);

    /// <summary>Time from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static SimTime operator -(SimTime a, SimTime b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>How many times as long <paramref name="a"/> is as <paramref name="b"/>.</summary>
    public static double operator /(SimTime a, SimTime b) => (double)a.Nanoseconds / b.Nanoseconds;

    /// <summary>Whether <paramref name="a"/> is earlier than <paramref name="b"/>.</summary>
    public static bool operator <(SimTime a, SimTime b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Whether <paramref name="a"/> is later than <paramref name="b"/>.</summary>
    public static bool operator >(SimTime a, SimTime b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Whether <paramref name="a"/> is not later than <paramref name="b"/>.</summary>
    public static bool operator <=(SimTime a, SimTime b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Whether <paramref name="a"/> is not earlier than <paramref name="b"/>.</summary>
    public static bool operator >=(SimTime a, SimTime b) => a.Nanoseconds >= b.Nanoseconds;

    /// <inheritdoc />
    public override string ToString() => $"{Seconds:0.#########} s";
}
