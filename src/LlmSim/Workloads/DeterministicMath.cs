namespace LlmSim.Workloads;

/// <summary>
/// Logarithm, exponential, sine and cosine that give the same bits on every machine. The platform's own come from its C library, whose
/// last bit depends on version and processor; here are only + − × ÷, which IEEE 754 fixes (and .NET does not fuse).
/// </summary>
/// <remarks>
/// Method and coefficients of FreeBSD's fdlibm (<c>e_log.c</c>, <c>e_exp.c</c>, <c>k_sin.c</c>, <c>k_cos.c</c>), error below 1 ulp:
/// "Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy, modify, and distribute this
/// software is freely granted, provided that this notice is preserved."
/// </remarks>
internal static class DeterministicMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double InverseLn2 = 1.44269504088896338700e+00;

    private const int MantissaBits = 52;
    private const long ExponentBias = 1023;
    private const long SqrtHalfBits = 0x3FE6_A09E_0000_0000;
    private const long OneBits = 0x3FF0_0000_0000_0000;

    /// <summary>Natural logarithm. −∞ for 0, NaN for negative numbers and NaN.</summary>
    public static double Log(double x)
    {
        long k = 0;
        if (!double.IsNormal(x) || x < 0)
        {
            if (x == 0)
            {
                return double.NegativeInfinity;
            }

            if (!(x > 0) || double.IsPositiveInfinity(x))
            {
                return x > 0 ? x : double.NaN;
            }

            x *= 1L << 54;
            k = -54;
        }

        // x = 2^k · (1 + f) with 1 + f between √½ and √2.
        long bits = BitConverter.DoubleToInt64Bits(x) + (OneBits - SqrtHalfBits);
        k += (bits >> MantissaBits) - ExponentBias;
        double f = BitConverter.Int64BitsToDouble((bits & ((1L << MantissaBits) - 1)) + SqrtHalfBits) - 1;

        // log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)) with s = f/(2 + f).
        double halfSquare = 0.5 * f * f;
        double s = f / (2 + f);
        double z = s * s;
        double w = z * z;
        double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
        double odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01
            + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
        return s * (halfSquare + (even + odd)) + k * Ln2Low - halfSquare + f + k * Ln2High;
    }

    /// <summary>e to the power of <paramref name="x"/>. +∞ above 709.79, 0 below −745.14.</summary>
    public static double Exp(double x)
    {
        if (!(Math.Abs(x) < 746))
        {
            return double.IsNaN(x) ? x : x > 0 ? double.PositiveInfinity : 0;
        }

        // x = k·ln 2 + r with |r| ≤ ½ ln 2; r is kept in two parts.
        int k = (int)(InverseLn2 * x + (x < 0 ? -0.5 : 0.5));
        double high = x - k * Ln2High;
        double low = k * Ln2Low;
        double r = high - low;
        double z = r * r;
        double c = r - z * (1.66666666666666019037e-01 + z * (-2.77777777770155933842e-03
            + z * (6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z * 4.13813679705723846039e-08))));
        double y = 1 + (r * c / (2 - c) - low + high);

        // Two factors, because 2^k alone overflows or is subnormal at the ends of the range.
        int half = k / 2;
        return y * PowerOfTwo(half) * PowerOfTwo(k - half);
    }

    /// <summary>Sine of an angle in whole turns: sin 2πx, for |x| up to 2³⁰.</summary>
    public static double SinTurns(double x) => CosTurns(x - 0.25);

    /// <summary>Cosine of an angle in whole turns: cos 2πx, for |x| up to 2³⁰.</summary>
    public static double CosTurns(double x)
    {
        // Exact: the angle is brought to an eighth of a turn about the nearest quarter.
        int quarter = (int)Math.Round(4 * x);
        double angle = 2 * Math.PI * (x - quarter / 4.0);
        return (quarter & 3) switch
        {
            0 => KernelCos(angle),
            1 => -KernelSin(angle),
            2 => -KernelCos(angle),
            _ => KernelSin(angle),
        };
    }

    /// <summary>sin x for |x| ≤ π/4.</summary>
    private static double KernelSin(double x)
    {
        double z = x * x;
        double r = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * (2.75573137070700676789e-06
            + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
        return x + z * x * (-1.66666666666666324348e-01 + z * r);
    }

    /// <summary>cos x for |x| ≤ π/4.</summary>
    private static double KernelCos(double x)
    {
        double z = x * x;
        double r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05
            + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
        return 1 - (0.5 * z - z * r);
    }

    private static double PowerOfTwo(int exponent) =>
        BitConverter.Int64BitsToDouble((exponent + ExponentBias) << MantissaBits);
}
