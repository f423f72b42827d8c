using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Prompt and output lengths that know nothing of each other.</summary>
internal sealed class IndependentLengths(LengthSampler inputs, LengthSampler outputs) : RequestShaper
{
    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival) => new(arrival, inputs.Next(), outputs.Next());
}
