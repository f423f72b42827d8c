using LlmSim.Calibration.Tables;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits what needs no shape: all-reduces, memory passes, samplers.</summary>
internal static class CurveFit
{
    private const int FewestPoints = 3;
    private const double MessagesPerModel = 2; // Steps that only decode, and steps with a prompt.

    /// <summary>Curves by number of GPUs. The error is that of each message between its two neighbours, four times apart in size.</summary>
    /// <exception cref="ConfigException">There are too few messages.</exception>
    public static IReadOnlyList<AllReduceCurve> AllReduce(FitContext context, IReadOnlyList<AllReduceRow> rows, string measured)
    {
        var curves = new List<AllReduceCurve>();
        foreach (var group in rows.GroupBy(row => row.Ranks).OrderBy(group => group.Key))
        {
            var points = group.GroupBy(row => row.Bytes).OrderBy(same => same.Key)
                .Select(same => (Bytes: same.Key, Seconds: FitContext.Median(same.Select(row => row.Seconds)))).ToList();
            if (points.Count < FewestPoints || points.Any(point => !(point.Seconds > 0)))
            {
                throw new ConfigException(new ConfigProblem($"all-reduce over {group.Key}", $"{points.Count} messages",
                    $"at least {FewestPoints} sizes with times above 0", "Measure more sizes, or leave this table out."));
            }

            double wire = points[^1].Bytes / points[^1].Seconds;
            if (wire > 4 * context.Gpu.Interconnect.BytesPerSecond)
            {
                throw new ConfigException(new ConfigProblem($"all-reduce over {group.Key}", $"{wire / 1e9:0} GB/s",
                    $"a rate that a link of {context.Gpu.Interconnect.BytesPerSecond / 1e9:0} GB/s can have",
                    "Check the units: sizes are elements of 16 bits, latencies milliseconds."));
            }

            // A larger message never takes less: noise around the floor is levelled.
            double[] seconds = new double[points.Count];
            double most = 0;
            for (int i = 0; i < seconds.Length; i++)
            {
                most = Math.Max(most, points[i].Seconds);
                seconds[i] = Round(most, 4);
            }

            curves.Add(new AllReduceCurve
            {
                Ranks = group.Key,
                Bytes = [.. points.Select(point => point.Bytes)],
                Seconds = seconds,
                Quality = Between([.. points.Select(point => point.Bytes)], seconds, measured, group.Count()),
            });
        }

        return curves;
    }

    /// <summary>Norms, rotary embedding, activation; held out are token counts.</summary>
    public static PassCoefficients Passes(FitContext context, IReadOnlyList<PassRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);

        // What an earlier kernel left in the L2 cache is read from there in a server as well, so all sizes count.
        List<PassRow> used = Sorted(rows);
        return new RobustFit<PassRow, PassCoefficients>
        {
            Parameters = [Parameter.Time(2.5e-6), new(0.75, 0.02, 4)],
            Model = x => new PassCoefficients { LaunchSeconds = x[0], Memory = x[1] },
            Predict = (model, row) => model.Seconds(rates, row.Bytes),
            Measured = row => row.Seconds,
            Group = row => $"tokens {row.Tokens}",
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, used, "tokens"));
    }

    /// <summary>The sampler; held out are numbers of sequences.</summary>
    public static SamplerCoefficients Sampler(FitContext context, IReadOnlyList<PassRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<PassRow> used = Sorted(rows);
        return new RobustFit<PassRow, SamplerCoefficients>
        {
            Parameters = [Parameter.Time(25e-6), Parameter.Share(0.5)],
            Model = x => new SamplerCoefficients { StepSeconds = x[0], Memory = x[1] },
            Predict = (model, row) => model.Seconds(rates, row.Bytes),
            Measured = row => row.Seconds,
            Group = row => $"sequences {row.Tokens}",
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, used, "sequences"));
    }

    private static FitQuality Between(double[] bytes, double[] seconds, string measured, int rows)
    {
        var errors = new List<double>();
        for (int i = 1; i < bytes.Length - 1; i++)
        {
            var without = new AllReduceCurve { Ranks = 2, Bytes = [bytes[i - 1], bytes[i + 1]], Seconds = [seconds[i - 1], seconds[i + 1]] };
            errors.Add(without.SecondsFor(bytes[i]) / seconds[i]);
        }

        return new FitQuality
        {
            Measured = measured,
            Rows = rows,
            HeldOutError = Round(errors.Average(ratio => Math.Abs(ratio - 1)), 3),
            HeldOutMedian = Round(FitContext.Median(errors.Select(ratio => Math.Abs(ratio - 1))), 3),
            Spread = Round(Math.Sqrt(errors.Average(ratio => DeterministicMath.Log(ratio) * DeterministicMath.Log(ratio))), 3),
            Bias = Round(FitBias.Of(errors.Select((ratio, i) => ($"{i}", DeterministicMath.Log(ratio))), MessagesPerModel), 3),
            Ranges = $"{bytes[0]:0} to {bytes[^1]:0} bytes",
        };
    }

    private static List<PassRow> Sorted(IReadOnlyList<PassRow> rows) => [.. rows.Where(row => row.Seconds > 0)
        .OrderBy(row => row.Kernel, StringComparer.Ordinal).ThenBy(row => row.Tokens).ThenBy(row => row.Seconds)];

    private static FitQuality Quality(string measured, List<PassRow> used, string what) => new()
    {
        Measured = measured,
        Rows = used.Count,
        Ranges = $"{what} {used.Min(row => row.Tokens)} to {used.Max(row => row.Tokens)}",
    };

    private static double Round(double value, int digits) => RobustFit<PassRow, PassCoefficients>.Round(value, digits);
}
