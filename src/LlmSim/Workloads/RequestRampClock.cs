using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>A rate that climbs, or falls, from request to request and stays at the last.</summary>
/// <remarks>
/// vLLM v0.19, <c>vllm/benchmarks/serve.py</c>, <c>_get_current_request_rate</c>. Linear in the number of requests, so
/// exponential in time; what it calls exponential climbs in time as a hyperbola.
/// </remarks>
internal sealed class RequestRampClock(RateCurveSpec curve, long count) : RateClock
{
    private readonly double _logRatio = DeterministicMath.Log(curve.EndRatePerSecond / curve.StartRatePerSecond);
    private readonly double _last = Math.Max(count - 1, 1);
    private long _index;

    /// <inheritdoc />
    public override long Advance(double requests)
    {
        double progress = Math.Min(_index++ / _last, 1);
        double rate = curve.Curve == RateCurve.Linear
            ? curve.StartRatePerSecond + (curve.EndRatePerSecond - curve.StartRatePerSecond) * progress
            : curve.StartRatePerSecond * DeterministicMath.Exp(_logRatio * progress);
        return Move(requests * (Second / rate));
    }
}
