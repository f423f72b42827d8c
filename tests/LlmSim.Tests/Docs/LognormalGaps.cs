using LlmSim.Workloads;

namespace LlmSim.Tests.Docs;

/// <summary>Lognormal gaps with a squared coefficient of variation of 1/burstiness, the example of docs/extending.md.</summary>
internal sealed class LognormalGaps(RandomStream stream, double burstiness) : UnitGaps
{
    private readonly double _variance = DeterministicMath.Log(1 + 1 / burstiness);

    public override double Next() => DeterministicMath.Exp(Math.Sqrt(_variance) * stream.NextNormal() - _variance / 2);
}
