using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>A coefficient to fit: its first value and the range it may take, searched in logarithms.</summary>
/// <param name="Start">First value. Above 0.</param>
/// <param name="Least">Least value. Above 0.</param>
/// <param name="Most">Largest value.</param>
internal readonly record struct Parameter(double Start, double Least, double Most)
{
    /// <summary>A share of a datasheet rate.</summary>
    public static Parameter Share(double start) => new(start, 0.02, 1);

    /// <summary>A time in seconds, up to a millisecond.</summary>
    public static Parameter Time(double start) => new(start, 1e-10, 1e-3);

    /// <summary>Where the search stands for a value.</summary>
    public static double Position(double value) => DeterministicMath.Log(value);

    /// <summary>The value that a position of the search stands for.</summary>
    public double Value(double position) => Math.Clamp(DeterministicMath.Exp(position), Least, Most);
}
