using LlmSim.Workloads;

namespace LlmSim.Calibration;

/// <summary>Errors of some rows in a few numbers.</summary>
/// <param name="Rows">How many. At least 1.</param>
/// <param name="Mean">Mean of |predicted / measured − 1|.</param>
/// <param name="Median">Median of the same.</param>
/// <param name="Bias">Mean of ln(predicted / measured): above 0 where predictions are too long.</param>
/// <param name="GroupSpread">Standard deviation of that mean from group to group of shapes.</param>
internal sealed record ErrorSummary(int Rows, double Mean, double Median, double Bias, double GroupSpread)
{
    /// <summary>Sums errors up.</summary>
    /// <param name="errors">At least one.</param>
    public static ErrorSummary Of(IReadOnlyCollection<RowError> errors)
    {
        double[] absolute = [.. errors.Select(error => Math.Abs(DeterministicMath.Exp(error.LogRatio) - 1)).Order()];
        double[] groups = [.. errors.GroupBy(error => error.Group).Select(group => group.Average(error => error.LogRatio))];
        double mean = groups.Average();
        return new ErrorSummary(absolute.Length, absolute.Average(), absolute[absolute.Length / 2], errors.Average(error => error.LogRatio),
            Math.Sqrt(groups.Average(bias => (bias - mean) * (bias - mean))));
    }
}
