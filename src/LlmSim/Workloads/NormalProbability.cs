namespace LlmSim.Workloads;

/// <summary>The standard normal distribution: from a value to the probability of staying below it.</summary>
/// <remarks>
/// Hart's approximation of the error function (Hart et al., "Computer Approximations", 1968, no. 5666) as arranged by West,
/// "Better Approximations to Cumulative Normal Functions", Wilmott Magazine 2005: error below 1e-15.
/// </remarks>
internal static class NormalProbability
{
    private const double RootOfTwoPi = 2.506628274631000502;

    /// <summary>The probability that a standard normal variable stays below <paramref name="x"/>.</summary>
    public static double At(double x)
    {
        double distance = Math.Abs(x);
        double tail = distance > 37 ? 0 : DeterministicMath.Exp(-distance * distance / 2) * Ratio(distance);
        return x > 0 ? 1 - tail : tail;
    }

    private static double Ratio(double d)
    {
        if (d >= 7.07106781186547)
        {
            return 1 / (d + 1 / (d + 2 / (d + 3 / (d + 4 / (d + 0.65))))) / RootOfTwoPi;
        }

        double numerator = (((((3.52624965998911e-02 * d + 0.700383064443688) * d + 6.37396220353165) * d
            + 33.912866078383) * d + 112.079291497871) * d + 221.213596169931) * d + 220.206867912376;
        double denominator = ((((((8.83883476483184e-02 * d + 1.75566716318264) * d + 16.064177579207) * d
            + 86.7807322029461) * d + 296.564248779674) * d + 637.333633378831) * d + 793.826512519948) * d + 440.413735824752;
        return numerator / denominator;
    }
}
