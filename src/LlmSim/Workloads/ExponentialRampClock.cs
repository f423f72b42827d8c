using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>A rate exponential in time over a duration D: λ(t) = s·e^(kt) with k = ln(e/s)/D, and e from then on.</summary>
/// <remarks>Λ(t) = s(e^(kt) − 1)/k, so Λ⁻¹(u) = ln(1 + ku/s)/k.</remarks>
internal sealed class ExponentialRampClock(RateCurveSpec curve, double durationSeconds) : RateClock
{
    private readonly double _start = curve.StartRatePerSecond;
    private readonly double _growth =
        DeterministicMath.Log(curve.EndRatePerSecond / curve.StartRatePerSecond) / durationSeconds;

    private double _sum;

    /// <inheritdoc />
    public override long Advance(double requests)
    {
        _sum += requests;
        double inDuration = _growth == 0 ? _start * durationSeconds : (curve.EndRatePerSecond - _start) / _growth;
        double seconds = _sum >= inDuration ? durationSeconds + (_sum - inDuration) / curve.EndRatePerSecond
            : _growth == 0 ? _sum / _start
            : DeterministicMath.Log(1 + _growth * _sum / _start) / _growth;
        return MoveTo(seconds * Second);
    }
}
