using System.Diagnostics;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Simulated time, moved on by expected requests instead of seconds: the faster the rate, the less time they take.</summary>
internal abstract class RateClock
{
    /// <summary>Nanoseconds in a second.</summary>
    protected const double Second = 1e9;

    private long _now;
    private double _fraction;

    /// <summary>Moves on until that many more requests are expected.</summary>
    /// <returns>Nanoseconds since the start; <see cref="long.MaxValue"/> when that is beyond what a long can hold.</returns>
    public abstract long Advance(double requests);

    /// <summary>The clock of a workload.</summary>
    public static RateClock Create(WorkloadSpec workload, ulong seed)
    {
        if (workload.RateCurve is not { } curve)
        {
            return new SteadyClock(workload.RequestRatePerSecond);
        }

        double rate = workload.RequestRatePerSecond;
        return curve.Curve switch
        {
            _ when curve.IsRamp && SyntheticSource.CountOf(workload) is { } count => new RequestRampClock(curve, count),
            RateCurve.Linear => new LinearRampClock(curve, workload.DurationSeconds!.Value),
            RateCurve.Exponential => new ExponentialRampClock(curve, workload.DurationSeconds!.Value),
            RateCurve.Diurnal => new DiurnalClock(curve, rate),
            RateCurve.Bursts => new BurstClock(curve, rate, new RandomStream(seed, BurstClock.StreamName)),
            _ => throw new UnreachableException($"Rate curve {curve.Curve}."),
        };
    }

    /// <summary>Moves on to a time, unless rounding has put it before the last.</summary>
    protected long MoveTo(double nanoseconds) => _now = Math.Max(_now, (long)nanoseconds);

    /// <summary>Moves on by some nanoseconds; the part of one that is left over goes into the next move.</summary>
    protected long Move(double nanoseconds)
    {
        double gap = nanoseconds + _fraction;
        long whole = (long)gap; // Out-of-range doubles convert to the nearest long.
        _fraction = gap - whole;
        _now = whole < long.MaxValue - _now ? _now + whole : long.MaxValue;
        return _now;
    }
}
