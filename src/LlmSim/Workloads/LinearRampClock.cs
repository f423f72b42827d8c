using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>A rate linear in time over a duration D: λ(t) = s + kt with k = (e − s)/D, and e from then on.</summary>
/// <remarks>Λ(t) = st + kt²/2, so Λ⁻¹(u) = 2u/(s + √(s² + 2ku)), which is free of cancellation.</remarks>
internal sealed class LinearRampClock(RateCurveSpec curve, double durationSeconds) : RateClock
{
    private readonly double _start = curve.StartRatePerSecond;
    private readonly double _slope = (curve.EndRatePerSecond - curve.StartRatePerSecond) / durationSeconds;
    private readonly double _requests = (curve.StartRatePerSecond + curve.EndRatePerSecond) / 2 * durationSeconds;
    private double _sum;

    /// <inheritdoc />
    public override long Advance(double requests)
    {
        _sum += requests;
        double seconds = _sum < _requests
            ? 2 * _sum / (_start + Math.Sqrt(Math.Max(_start * _start + 2 * _slope * _sum, 0)))
            : durationSeconds + (_sum - _requests) / curve.EndRatePerSecond;
        return MoveTo(seconds * Second);
    }
}
