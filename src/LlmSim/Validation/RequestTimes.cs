using LlmSim.Simulation;

namespace LlmSim.Validation;

/// <summary>How long a request took, measured or simulated.</summary>
/// <param name="FirstToken">From its arrival to the first token.</param>
/// <param name="LastToken">From its arrival to the last.</param>
internal readonly record struct RequestTimes(SimTime FirstToken, SimTime LastToken)
{
    /// <summary>From its arrival until the scheduler first gave it tokens; null when that was not measured.</summary>
    public SimTime? Scheduled { get; init; }
}
