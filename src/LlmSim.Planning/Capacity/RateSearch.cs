using LlmSim.Workloads;

namespace LlmSim.Planning.Capacity;

/// <summary>
/// Finds the rate up to which a bound is kept: brackets it in growing strides, then looks where the line between the ends of the bracket crosses the bound,
/// both on logarithmic scales.
/// </summary>
internal static class RateSearch
{
    private const double LargestStride = 4;
    private const double Edge = 0.1; // So much of the bracket is cut off at least, lest one end stays for ever.
    private const int MostSteps = 60;

    /// <summary>Above so many times the guess nothing is tried: all comes at once there.</summary>
    public const double Busiest = 1e6;

    /// <summary>Where a bound is crossed.</summary>
    /// <param name="Kept">The highest rate tried at which it is kept.</param>
    /// <param name="Crossing">The rate at which it is just kept.</param>
    public readonly record struct Found(double Kept, double Crossing);

    /// <summary>Searches.</summary>
    /// <param name="ratio">What a run at a rate reaches over what is allowed: at most 1 where the bound is kept; may be infinite.</param>
    /// <param name="guess">Where to begin. Above 0.</param>
    /// <param name="stride">First stride, a factor above 1; each is the square of the one before.</param>
    /// <param name="tolerance">How precisely, as a share of the rate. Above 0.</param>
    /// <param name="least">Below this nothing is tried.</param>
    /// <returns>Null when the bound is not kept down to the least rate, or kept however high the rate.</returns>
    public static Found? Find(Func<double, double> ratio, double guess, double stride, double tolerance, double least)
    {
        if (Bracket(ratio, guess, stride, least) is not { } ends)
        {
            return null;
        }

        ((double rate, double ratio) low, (double rate, double ratio) high) = ends;
        for (int i = 0; i < MostSteps && high.rate > low.rate * (1 + tolerance); i++)
        {
            double slope = Slope(low, high);
            double at = slope > 0
                ? Math.Clamp(-Log(low.ratio) / slope / Log(high.rate / low.rate), Edge, 1 - Edge)
                : 0.5;
            double rate = low.rate * DeterministicMath.Exp(at * Log(high.rate / low.rate));
            double reached = ratio(rate);
            if (reached <= 1)
            {
                low = (rate, reached);
            }
            else
            {
                high = (rate, reached);
            }

            double rest = slope > 0 && reached > 0 && double.IsFinite(reached) ? -Log(reached) / slope : double.PositiveInfinity;
            if (Math.Abs(rest) < tolerance / 2)
            {
                return new Found(low.rate, rate * DeterministicMath.Exp(rest));
            }
        }

        return new Found(low.rate, Math.Sqrt(low.rate * high.rate));
    }

    // Of ln(ratio) over ln(rate); 0 where it cannot be told.
    private static double Slope((double Rate, double Ratio) low, (double Rate, double Ratio) high) =>
        low.Ratio > 0 && double.IsFinite(high.Ratio) ? Log(high.Ratio / low.Ratio) / Log(high.Rate / low.Rate) : 0;

    private static double Log(double value) => DeterministicMath.Log(value);

    private static ((double Rate, double Ratio) Low, (double Rate, double Ratio) High)? Bracket(
        Func<double, double> ratio, double guess, double stride, double least)
    {
        var at = (Rate: guess, Ratio: ratio(guess));
        bool goesUp = at.Ratio <= 1;
        double most = guess * Busiest;
        while (true)
        {
            double next = goesUp ? at.Rate * stride : at.Rate / stride;
            if (next < least || next > most)
            {
                return null;
            }

            var tried = (Rate: next, Ratio: ratio(next));
            if (tried.Ratio <= 1 != goesUp)
            {
                return goesUp ? (at, tried) : (tried, at);
            }

            at = tried;
            stride = Math.Min(stride * stride, LargestStride);
        }
    }
}
