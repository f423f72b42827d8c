using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Periods on, at a constant rate, and off, without requests, in turn; the first is on.</summary>
/// <remarks>
/// The rate while on is the mean rate times (on + off)/on. With exponential gaps and periods this is the interrupted Poisson
/// process (Kuczura, "The Interrupted Poisson Process as an Overflow Process", 1973).
/// </remarks>
internal sealed class BurstClock(RateCurveSpec curve, double ratePerSecond, RandomStream stream) : RateClock
{
    /// <summary>Name of the random stream that periods are drawn from.</summary>
    public const string StreamName = "arrivals/bursts";

    private readonly double _on = curve.OnSeconds * Second;
    private readonly double _off = curve.OffSeconds * Second;
    private readonly double _nsPerRequest = Second / ratePerSecond * (curve.OnSeconds / (curve.OnSeconds + curve.OffSeconds));
    private double _left = -1;

    /// <inheritdoc />
    public override long Advance(double requests)
    {
        if (_left < 0)
        {
            _left = Draw(_on);
        }

        double on = requests * _nsPerRequest;
        while (on > _left)
        {
            on -= _left;
            if (Move(_left + Draw(_off)) > ArrivalLimit.Latest.Nanoseconds)
            {
                return long.MaxValue;
            }

            _left = Draw(_on);
        }

        _left -= on;
        return Move(on);
    }

    private double Draw(double mean) => curve.Periods == BurstPeriods.Fixed ? mean : stream.NextExponential(mean);
}
