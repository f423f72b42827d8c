using LlmSim.Calibration.Tables;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits products of each head with a matrix of its own; held out are numbers of heads.</summary>
internal static class BatchedFit
{
    /// <summary>Fits.</summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public static BatchedCoefficients Run(FitContext context, IReadOnlyList<BatchedRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<BatchedRow> wanted = [.. rows.OrderBy(row => row.Heads).ThenBy(row => row.Inner).ThenBy(row => row.Rows).ThenBy(row => row.Seconds)];
        List<BatchedRow> tooFast = [.. wanted.Where(row => context.IsTooFast(row.Seconds, Flops(row), 0, DataType.Bf16))];
        List<BatchedRow> used = [.. wanted.Except(tooFast)];
        context.Check("batched products", wanted, tooFast, used.Count, row => Flops(row) / rates.FlopsPerSecond);
        return new RobustFit<BatchedRow, BatchedCoefficients>
        {
            Parameters = [Parameter.Time(3e-6), Parameter.Share(0.6), Parameter.Share(0.8), Parameter.Share(0.3), new(3e7, 1e5, 1e9), new(2, 1, 20)],
            Model = x => new BatchedCoefficients { LaunchSeconds = x[0], Compute = x[1], Memory = x[2], Cached = x[3], CachedBytes = x[4], Power = x[5] },
            Predict = (model, row) => model.Seconds(rates, row.Heads, row.Rows, row.Inner, row.Outer),
            Measured = row => row.Seconds,
            Group = row => $"{row.Heads} heads",
            Given = context.Given?.Batched,
        }.Run(used, (model, quality) => model with { Quality = quality }, new FitQuality
        {
            Measured = measured,
            Rows = used.Count,
            LeftOut = tooFast.Count,
            Impossible = tooFast.Count,
            Ranges = $"heads {used.Min(row => row.Heads)} to {used.Max(row => row.Heads)}, rows {used.Min(row => row.Rows)} to {used.Max(row => row.Rows)}",
        });
    }

    private static double Flops(BatchedRow row) => 2.0 * row.Heads * row.Rows * row.Inner * row.Outer;
}
