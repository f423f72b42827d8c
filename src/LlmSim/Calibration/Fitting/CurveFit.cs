using LlmSim.Calibration.Tables;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits what needs no shape: all-reduces, memory passes, samplers.</summary>
internal static class CurveFit
{
    private const int FewestPoints = 3;
    private const double MessagesPerModel = 2; // Steps that only decode, and steps with a prompt.
    private const double FastestLinks = 4;            // Switches that add up, and slack for links faster than the GPU's usual one.
    private const double SlowestFloorSeconds = 1e-3;  // Floors measured are 4 to 60 µs, without CUDA graphs too.

    /// <summary>Curves by number of GPUs. The error is that of each message between its two neighbours, four times apart in size.</summary>
    /// <exception cref="ConfigException">There are too few messages.</exception>
    public static IReadOnlyList<AllReduceCurve> AllReduce(FitContext context, IReadOnlyList<AllReduceRow> rows, string measured)
    {
        const string unit = "Check the units: sizes are elements of 16 bits, latencies milliseconds.";
        InterconnectSpec link = context.Gpu.Interconnect;
        var curves = new List<AllReduceCurve>();
        foreach (var group in rows.GroupBy(row => row.Ranks).OrderBy(group => group.Key))
        {
            string family = $"all-reduce over {group.Key}";
            List<AllReduceRow> usable = [.. group.Where(row => !IsTooFast(row))];
            var points = usable.GroupBy(row => row.Bytes).OrderBy(same => same.Key)
                .Select(same => (Bytes: same.Key, Seconds: FitContext.Median(same.Select(row => row.Seconds)))).ToList();
            if (2 * usable.Count < group.Count())
            {
                AllReduceRow worst = group.MaxBy(row => row.Bytes / row.Seconds);
                throw new ConfigException(new ConfigProblem(family, $"{group.Count() - usable.Count} of {group.Count()} rows faster than the link can be: "
                    + $"{worst.Shape} in {worst.Seconds * 1e6:G4} us",
                    $"rates that a link of {link.BytesPerSecond / 1e9:0} GB/s can have", unit));
            }

            if (points.Count < FewestPoints)
            {
                throw new ConfigException(new ConfigProblem(family, $"{points.Count} usable messages",
                    $"at least {FewestPoints} sizes", "Measure more sizes, or leave this table out."));
            }

            if (points[0].Seconds > SlowestFloorSeconds)
            {
                throw new ConfigException(new ConfigProblem(family, $"{points[0].Bytes:0} bytes in {points[0].Seconds * 1e6:0} us",
                    $"at most {SlowestFloorSeconds * 1e6:0} us for the smallest message", unit));
            }

            // A larger message never takes less: noise around the floor is levelled.
            double[] seconds = new double[points.Count];
            double most = 0;
            for (int i = 0; i < seconds.Length; i++)
            {
                most = Math.Max(most, points[i].Seconds);
                seconds[i] = FitContext.Round(most, 4);
            }

            curves.Add(new AllReduceCurve
            {
                Ranks = group.Key,
                Bytes = [.. points.Select(point => point.Bytes)],
                Seconds = seconds,
                Quality = Between(context, group.Key, [.. points.Select(point => point.Bytes)], seconds, measured, usable.Count) with { LeftOut = group.Count() - usable.Count, Impossible = group.Count() - usable.Count },
            });
        }

        return curves;

        bool IsTooFast(AllReduceRow row) =>
            context.IsTooFast(row.Seconds, 0, 0, DataType.Bf16) || row.Bytes > FastestLinks * link.BytesPerSecond * row.Seconds;
    }

    /// <summary>Norms, rotary embedding, activation; held out are token counts.</summary>
    public static PassCoefficients Passes(FitContext context, IReadOnlyList<PassRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);

        // What an earlier kernel left in the L2 cache is read from there in a server as well, so all sizes count.
        List<PassRow> used = Usable(context, "memory passes", rows);
        return new RobustFit<PassRow, PassCoefficients>
        {
            Parameters = [Parameter.Time(2.5e-6), new(0.75, 0.02, 4)],
            Model = x => new PassCoefficients { LaunchSeconds = x[0], Memory = x[1] },
            Predict = (model, row) => model.Seconds(rates, row.Bytes),
            Measured = row => row.Seconds,
            Group = row => $"tokens {row.Tokens}",
            Given = context.Given?.Pass,
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, rows, used, "tokens"));
    }

    /// <summary>The sampler; held out are numbers of sequences.</summary>
    public static SamplerCoefficients Sampler(FitContext context, IReadOnlyList<PassRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<PassRow> used = Usable(context, "sampler", rows);
        return new RobustFit<PassRow, SamplerCoefficients>
        {
            Parameters = [Parameter.Time(25e-6), Parameter.Share(0.5)],
            Model = x => new SamplerCoefficients { StepSeconds = x[0], Memory = x[1] },
            Predict = (model, row) => model.Seconds(rates, row.Bytes),
            Measured = row => row.Seconds,
            Group = row => $"sequences {row.Tokens}",
            Given = context.Given?.Sampler,
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, rows, used, "sequences"));
    }

    private static FitQuality Between(FitContext context, int ranks, double[] bytes, double[] seconds, string measured, int rows)
    {
        CalibratedTimer? given = context.Given is null ? null
            : new CalibratedTimer(context.Gpu, context.Gpu.Interconnect, spansNodes: false, KernelEfficiencies.Default, context.Given);
        var errors = new List<double>();
        var rowErrors = new List<RowError>();
        for (int i = 1; i < bytes.Length - 1; i++)
        {
            var without = new AllReduceCurve { Ranks = ranks, Bytes = [bytes[i - 1], bytes[i + 1]], Seconds = [seconds[i - 1], seconds[i + 1]] };
            double predicted = given is null ? without.SecondsFor(bytes[i]) : CostRows.Seconds((long)given.AllReduce(1, bytes[i], ranks).Total);
            errors.Add(predicted / seconds[i]);
            var row = new AllReduceRow(ranks, bytes[i], seconds[i]);
            rowErrors.Add(new RowError(row.Shape, row.Region, DeterministicMath.Log(errors[^1])));
        }

        return new FitQuality
        {
            Measured = measured,
            Rows = rows,
            HeldOutError = FitContext.Round(errors.Average(ratio => Math.Abs(ratio - 1)), 3),
            HeldOutMedian = FitContext.Round(FitContext.Median(errors.Select(ratio => Math.Abs(ratio - 1))), 3),
            Spread = FitContext.Round(Math.Sqrt(errors.Average(ratio => DeterministicMath.Log(ratio) * DeterministicMath.Log(ratio))), 3),
            Bias = FitContext.Round(FitBias.Of(errors.Select((ratio, i) => ($"{i}", DeterministicMath.Log(ratio))), MessagesPerModel), 3),
            Errors = rowErrors,
            Ranges = $"{bytes[0]:0} to {bytes[^1]:0} bytes",
        };
    }

    // Faster than their bytes allow they may be, read from the L2 cache; faster than a kernel can be they may not.
    private static List<PassRow> Usable(FitContext context, string family, IReadOnlyList<PassRow> rows)
    {
        List<PassRow> tooFast = [.. rows.Where(IsTooFast)];
        List<PassRow> used = [.. rows.Where(row => !IsTooFast(row))
            .OrderBy(row => row.Kernel, StringComparer.Ordinal).ThenBy(row => row.Tokens).ThenBy(row => row.Seconds)];
        context.Check(family, rows, tooFast, used.Count, row => row.Bytes / context.Gpu.MemoryBytesPerSecond);
        return used;

        bool IsTooFast(PassRow row) => context.IsTooFast(row.Seconds, 0, 0, DataType.Bf16);
    }

    private static FitQuality Quality(string measured, IReadOnlyList<PassRow> rows, List<PassRow> used, string what) => new()
    {
        Measured = measured,
        Rows = used.Count,
        LeftOut = rows.Count - used.Count,
        Impossible = rows.Count - used.Count,
        Ranges = $"{what} {used.Min(row => row.Tokens)} to {used.Max(row => row.Tokens)}",
    };

}
