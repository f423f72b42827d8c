using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>How arithmetic and traffic that overlap in part add up.</summary>
internal static class PowerMean
{
    /// <summary>(a^p + b^p)^(1/p): the sum for p = 1, the larger for p → ∞. Neither may be negative.</summary>
    public static double Sum(double a, double b, double p)
    {
        (double large, double small) = a >= b ? (a, b) : (b, a);
        if (small <= 0)
        {
            return large;
        }

        double ratio = DeterministicMath.Exp(p * DeterministicMath.Log(small / large));
        return large * DeterministicMath.Exp(DeterministicMath.Log(1 + ratio) / p);
    }
}
