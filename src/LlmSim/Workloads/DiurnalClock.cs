using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>A sinusoid: λ(t) = r(1 + a·sin(2πt/P)), at the mean and rising at the start.</summary>
/// <remarks>
/// In periods τ = t/P and requests per period v = u/(rP): v = τ + a(1 − cos 2πτ)/2π, solved for τ by Newton's method inside
/// a bracket. Whole periods are counted apart, so that precision does not fade with time.
/// </remarks>
internal sealed class DiurnalClock(RateCurveSpec curve, double ratePerSecond) : RateClock
{
    private const double Turn = 2 * Math.PI;
    private const int MostSteps = 100;
    private const double Enough = 1.0 / (1L << 52);

    private readonly double _amplitude = curve.Amplitude;
    private readonly double _requestsPerPeriod = ratePerSecond * curve.PeriodSeconds;
    private double _periods;
    private double _part;

    /// <inheritdoc />
    public override long Advance(double requests)
    {
        _part += requests / _requestsPerPeriod;
        double whole = Math.Floor(_part);
        _periods += whole;
        _part -= whole;
        return MoveTo((_periods + Invert(_part)) * curve.PeriodSeconds * Second);
    }

    private double Invert(double target)
    {
        (double low, double high) = (0, 1);
        double at = target;
        for (int step = 0; step < MostSteps && high - low > Enough; step++)
        {
            double error = at + _amplitude / Turn * (1 - DeterministicMath.CosTurns(at)) - target;
            if (error == 0)
            {
                break;
            }

            (low, high) = error < 0 ? (at, high) : (low, at);
            double next = at - error / (1 + _amplitude * DeterministicMath.SinTurns(at));
            if (next == at)
            {
                break;
            }

            at = next > low && next < high ? next : (low + high) / 2;
        }

        return at;
    }
}
