namespace LlmSim.Workloads;

/// <summary>
/// Gamma gaps, as <c>vllm bench serve --burstiness</c> draws them: squared coefficient of variation 1/shape, so bursts below 1,
/// an even flow far above.
/// </summary>
/// <remarks>
/// Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables" (2000): d·v with d = shape − 1/3, v = (1 + cz)³,
/// c = 1/√(9d), z normal, accepted with probability e^(z²/2 + d − dv + d·ln v). A shape below 1 is drawn at shape + 1 and
/// multiplied by U^(1/shape), their remark in section 6.
/// </remarks>
internal sealed class GammaGaps(RandomStream stream, double shape) : UnitGaps
{
    private readonly double _d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    private readonly double _c = 1 / Math.Sqrt(9 * ((shape < 1 ? shape + 1 : shape) - 1.0 / 3));

    /// <inheritdoc />
    public override double Next()
    {
        double gamma = NextAboveOne();
        if (shape < 1)
        {
            gamma *= DeterministicMath.Exp(DeterministicMath.Log(stream.NextOpenDouble()) / shape);
        }

        return gamma / shape;
    }

    private double NextAboveOne()
    {
        while (true)
        {
            double z = stream.NextNormal();
            double root = 1 + _c * z;
            if (root <= 0)
            {
                continue;
            }

            double v = root * root * root;
            if (DeterministicMath.Log(stream.NextOpenDouble()) < 0.5 * z * z + _d - _d * v + _d * DeterministicMath.Log(v))
            {
                return _d * v;
            }
        }
    }
}
