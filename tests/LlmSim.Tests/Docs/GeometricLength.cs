using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Docs;

/// <summary>Every token is the last with the same probability, the example of docs/extending.md.</summary>
internal sealed class GeometricLength(RandomStream stream, LengthSpec spec) : QuantileLength(stream, spec.Min, spec.Max)
{
    private readonly double _goingOn = DeterministicMath.Log(1 - 1 / spec.Mean);

    public override int Quantile(double probability) => Cut(1 + Math.Floor(DeterministicMath.Log(1 - probability) / _goingOn));
}
