using LlmSim.Calibration.Tables;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits matrix products of one number format.</summary>
internal static class GemmFit
{
    private const double Outlier = 1.4; // times further off than this are not of the same kernel
    private const int UsualSide = 8192;
    private const int LeastSide = 512; // Smaller ones are no part of language models, and mostly launch.

    // Products of a dense layer: (Σw)²/Σw² of their shares of the time, about 40, 21, 19 and 8% for Llama-2-7B.
    private const double LayerShapes = 3.2;

    private static readonly Parameter[] Parameters =
    [
        Parameter.Time(1.5e-6), Parameter.Share(0.88), new(2.7, 1, 8), Parameter.Time(1e-6), new(0.3, 0.001, 1), Parameter.Time(2e-6),
        new(0.06, 1e-3, 0.6), new(3e-4, 1e-6, 0.1),
        Parameter.Share(0.7), Parameter.Share(0.7), Parameter.Share(0.75), Parameter.Share(0.85), Parameter.Share(0.65),
    ];

    /// <summary>Fits; held out are whole (n, k).</summary>
    /// <param name="context">The GPU.</param>
    /// <param name="rows">Rows of one number format.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="isCold">Whether weights come from memory in the measurement whatever their size.</param>
    /// <param name="inEngine">The same kernels timed inside an engine, which say what the form leaves.</param>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public static GemmCoefficients Run(
        FitContext context, IReadOnlyList<GemmRow> rows, string measured, bool isCold, IReadOnlyList<GemmRow> inEngine)
    {
        DataType type = rows[0].Type;
        GpuRates rates = context.Rates(type);
        List<GemmRow> wanted = [.. rows.Where(row => Math.Min(row.Outer, row.Inner) >= LeastSide)
            .OrderBy(row => row.Outer).ThenBy(row => row.Inner).ThenBy(row => row.Rows).ThenBy(row => row.Seconds)];
        List<GemmRow> tooFast = [.. wanted.Where(IsTooFast)];
        List<GemmRow> used = [.. wanted.Where(row => !IsTooFast(row) && (isCold || IsCold(row)))];
        context.Check($"GEMM in {type}", wanted, tooFast, used.Count, Least);

        GemmCoefficients fitted = new RobustFit<GemmRow, GemmCoefficients>
        {
            Parameters = Parameters,
            Model = values => Coefficients(type, values),
            Predict = (model, row) => model.Seconds(rates, row.Rows, row.Inner, row.Outer, row.Bytes),
            Measured = row => row.Seconds,
            Group = row => $"{row.Outer}x{row.Inner}",
            GroupsPerModel = LayerShapes,
            Given = context.Given?.GemmFor(type) is { } given ? given with { Type = type } : null,
        }.Run(used, (model, quality) => model with { Quality = quality }, new FitQuality
        {
            Measured = measured,
            Rows = used.Count,
            LeftOut = wanted.Count - used.Count,
            Impossible = tooFast.Count,
            Ranges = $"m {used.Min(row => row.Rows)} to {used.Max(row => row.Rows)}, n {used.Min(row => row.Outer)} to "
                + $"{used.Max(row => row.Outer)}, k {used.Min(row => row.Inner)} to {used.Max(row => row.Inner)}",
        });
        double[] slowness = [.. used.Where(IsMemoryBound)
            .Select(row => row.Seconds / Seconds(row)).Where(ratio => ratio is > 1 / Outlier and < Outlier)];
        fitted = slowness.Length == 0
            ? fitted
            : fitted with { Memory = FitContext.Round(Math.Min(1, fitted.Memory / slowness.Average()), 4) };

        return inEngine.Count < SurfaceFit.FewestRows ? fitted : fitted with
        {
            Left = SurfaceFit.Run(
                inEngine.Where(row => Math.Min(row.Outer, row.Inner) >= LeastSide).Select(row => ((double)row.Rows, 1.0, row.Seconds / Seconds(row))),
                (tokens, _) => Seconds(new GemmRow(type, (int)tokens, UsualSide, UsualSide, 0))),
        };

        double Seconds(GemmRow row) => fitted.Seconds(rates, row.Rows, row.Inner, row.Outer, row.Bytes);

        bool IsTooFast(GemmRow row) => context.IsTooFast(row.Seconds, Flops(row), row.Bytes, type);

        // Weights that stay in the L2 cache between repetitions count only where arithmetic hides them.
        bool IsCold(GemmRow row) => 2 * row.Bytes > context.ColdBytes || Flops(row) / rates.FlopsPerSecond > row.Bytes / rates.BytesPerSecond;

        bool IsMemoryBound(GemmRow row) => Flops(row) / rates.FlopsPerSecond < row.Bytes / rates.BytesPerSecond / 2;

        double Least(GemmRow row) => Math.Max(Flops(row) / rates.FlopsPerSecond, row.Bytes / rates.BytesPerSecond);
    }

    private static double Flops(GemmRow row) => 2.0 * row.Rows * row.Inner * row.Outer;

    private static GemmCoefficients Coefficients(DataType type, double[] x) => new()
    {
        Type = type,
        LaunchSeconds = x[0],
        Memory = x[1],
        Power = x[2],
        WaveSeconds = x[3],
        WaveOverlap = x[4],
        SplitSeconds = x[5],
        Throttle = x[6],
        ThrottleSeconds = x[7],
        Compute = x[8..],
    };
}
