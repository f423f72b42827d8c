using LlmSim.Calibration.Tables;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits what unequal contexts cost: the median over batches in which no context is split.</summary>
internal static class SkewFit
{
    // What servers have.
    private const double ShortestMean = 256;
    private const double LongestMean = 8192;

    // How far the longest of some dozens to hundreds of contexts lies above their mean, in deviations; the measured batches go from 0.3 to 16.
    private const double LeastBeyond = 2;
    private const double MostBeyond = 3.5;

    /// <summary>Fits; null where there are too few rows to tell. The error is that of the whole kernel.</summary>
    public static SkewCoefficients? Run(FitContext context, IReadOnlyList<SkewRow> rows, string measured)
    {
        const int fewest = 20;
        GpuRates rates = context.Rates(DataType.Bf16);
        List<SkewRow> used =
        [
            .. rows.Where(row => row.Sequences * row.KvHeads >= SkewCoefficients.LeastItems * rates.Multiprocessors
                && row.Mean is >= ShortestMean and <= LongestMean && row.Deviation > 0
                && (row.Longest - row.Mean) / row.Deviation is >= LeastBeyond and <= MostBeyond),
        ];
        if (used.Count < fewest)
        {
            return null;
        }

        double share = FitContext.Round(Math.Max(0, FitContext.Median(used.Select(row => (row.Seconds - row.MeanSeconds) / Unit(row)))), 3);
        double[] errors = [.. used.Select(row => (row.MeanSeconds + share * Unit(row)) / row.Seconds)];
        return new SkewCoefficients
        {
            Share = share,
            Quality = new FitQuality
            {
                Measured = measured,
                Rows = used.Count,
                LeftOut = rows.Count - used.Count,
                HeldOutError = FitContext.Round(errors.Average(ratio => Math.Abs(ratio - 1)), 3),
                HeldOutMedian = FitContext.Round(FitContext.Median(errors.Select(ratio => Math.Abs(ratio - 1))), 3),
                Bias = FitContext.Round(FitBias.Of(used.Zip(errors, (row, ratio) => ($"{row.Sequences}/{row.KvHeads}", DeterministicMath.Log(ratio))), 1), 3),
                Spread = FitContext.Round(Math.Sqrt(errors.Average(ratio => DeterministicMath.Log(ratio) * DeterministicMath.Log(ratio))), 3),
                Ranges = $"sequences {used.Min(row => row.Sequences)} to {used.Max(row => row.Sequences)}, mean contexts {used.Min(row => row.Mean):0} to "
                    + $"{used.Max(row => row.Mean):0}",
            },
        };

        // A head's keys and values of one standard deviation, at a multiprocessor's share of the bandwidth.
        double Unit(SkewRow row) => row.Deviation * 4 * row.HeadSize * rates.Multiprocessors / rates.BytesPerSecond;
    }
}
