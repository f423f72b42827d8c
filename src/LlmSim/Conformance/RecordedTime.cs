using LlmSim.Simulation;

namespace LlmSim.Conformance;

/// <summary>Recordings count in microseconds.</summary>
internal static class RecordedTime
{
    /// <summary>Whole microseconds since the start.</summary>
    public static long Microseconds(this SimTime time) => time.Nanoseconds / 1000;
}
