using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>How late a request may arrive.</summary>
internal static class ArrivalLimit
{
    /// <summary>The latest arrival that can be simulated: 146 years, half the range of time, so that there is room to serve it.</summary>
    public static readonly SimTime Latest = new(1L << 62);

    /// <summary>The last nanosecond of a duration in seconds; null means no end.</summary>
    public static long LastNanosecond(double? durationSeconds) =>
        durationSeconds is { } seconds ? (long)Math.Round(seconds * 1e9) : long.MaxValue;

    /// <summary>The last moment at which something is sent, with that duration.</summary>
    public static SimTime LastSend(double? durationSeconds) =>
        new(Math.Min(LastNanosecond(durationSeconds), Latest.Nanoseconds));
}
