namespace LlmSim.Calibration.Fitting;

/// <summary>How far a family as a whole may be off on a model that its fit did not see.</summary>
internal static class FitBias
{
    /// <summary>
    /// √(m² + s²/n) for groups whose mean errors average m and scatter by s, of which a model has n. The scatter of rows within a group is
    /// left out: a run has kernels of many sizes, over which it averages.
    /// </summary>
    /// <param name="errors">The group and ln(predicted / measured) of each row. At least one.</param>
    /// <param name="groupsPerModel">n. At least 1.</param>
    public static double Of(IEnumerable<(string Group, double Error)> errors, double groupsPerModel)
    {
        double[] means = [.. errors.GroupBy(row => row.Group, StringComparer.Ordinal).Select(group => group.Average(row => row.Error))];
        double mean = means.Average();
        double variance = means.Sum(one => (one - mean) * (one - mean)) / Math.Max(1, means.Length - 1);
        return Math.Sqrt((mean * mean) + (variance / groupsPerModel));
    }
}
