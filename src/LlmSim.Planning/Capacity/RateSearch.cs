namespace LlmSim.Planning.Capacity;

/// <summary>Finds the rate up to which something is kept: brackets it in growing strides, then halves the bracket.</summary>
internal static class RateSearch
{
    private const double LargestStride = 4;

    /// <summary>Searches.</summary>
    /// <param name="keeps">Whether it is kept at a rate.</param>
    /// <param name="guess">Where to begin. Above 0.</param>
    /// <param name="stride">First stride, a factor above 1; each is the square of the one before.</param>
    /// <param name="tolerance">Ends when the ends of the bracket are no further apart than this share. Above 0.</param>
    /// <param name="least">Below this nothing is tried.</param>
    /// <returns>The highest rate found at which it is kept and the lowest above it at which it is not; null when it is not kept down to the least.</returns>
    public static (double Kept, double Missed)? Find(Func<double, bool> keeps, double guess, double stride, double tolerance, double least)
    {
        if (Bracket(keeps, guess, stride, least) is not { } ends)
        {
            return null;
        }

        (double low, double high) = ends;
        while (high > low * (1 + tolerance))
        {
            double middle = Math.Sqrt(low * high);
            if (keeps(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low, high);
    }

    private static (double Low, double High)? Bracket(Func<double, bool> keeps, double guess, double stride, double least)
    {
        bool goesUp = keeps(guess);
        double at = guess;
        while (true)
        {
            double next = goesUp ? at * stride : at / stride;
            if (next < least)
            {
                return null;
            }

            if (keeps(next) != goesUp)
            {
                return goesUp ? (at, next) : (next, at);
            }

            at = next;
            stride = Math.Min(stride * stride, LargestStride);
        }
    }
}
