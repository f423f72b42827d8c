using LlmSim.Calibration.Tables;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits the experts of one number format.</summary>
internal static class ExpertFit
{
    private const int LeastWidth = 128; // Odd slices of an expert below that follow no formula.
    private const int ManyTokens = 512;
    private const int Passes = 3;
    private const int FewestTokenCounts = 8;
    private const double MostDeviation = 0.7; // more is a measurement gone wrong
    private const int Doublings = 14; // 1 to 8,192 tokens
    private const int FewLayers = 20; // With fewer, two rates would follow single layers.

    private static readonly Parameter[] Parameters =
    [
        Parameter.Time(14e-6), Parameter.Time(0.1e-6), Parameter.Share(0.65), Parameter.Share(0.4), new(17, 0.1, 500),
        Parameter.Share(0.9), new(50e6, 1e5, 1e9), new(1.6, 1, 8),
    ];

    /// <summary>
    /// Fits; held out are whole layers (hidden size, width, experts). Which shapes lack a tuned kernel is told by their own rows of
    /// many tokens, those of held-out layers included.
    /// </summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public static ExpertCoefficients Run(FitContext context, IReadOnlyList<ExpertRow> rows, string measured)
    {
        DataType type = rows[0].Type;
        GpuRates rates = context.Rates(type);
        bool hasBalanced = rows.Any(row => row.IsBalanced);
        List<ExpertRow> wanted = [.. rows
            .Where(row => row.Width >= LeastWidth && row.IsBalanced == hasBalanced && (row.IsBalanced || row.Tokens * row.PerToken >= 2 * row.Experts))
            .OrderBy(row => row.Experts).ThenBy(row => row.Width).ThenBy(row => row.Hidden).ThenBy(row => row.PerToken)
            .ThenBy(row => row.Tokens).ThenBy(row => row.Seconds)];

        // Layers any of whose rows beat the bandwidth have two matrices an expert, not three.
        HashSet<string> fastLayers = [.. wanted.Where(row => context.IsTooFast(row.Seconds, 0, row.WeightBytes, type)).Select(Layer)];
        List<ExpertRow> tooFast = [.. wanted.Where(row => fastLayers.Contains(Layer(row)))];
        List<ExpertRow> used = [.. wanted.Where(row => !fastLayers.Contains(Layer(row))
            && (row.WeightBytes > context.ColdBytes / 2 || Arithmetic(row) > row.WeightBytes / rates.BytesPerSecond))];
        context.Check($"experts in {type}", wanted, tooFast, used.Count,
            row => Math.Max(Arithmetic(row), row.WeightBytes > context.ColdBytes ? row.WeightBytes / rates.BytesPerSecond : 0));

        ExpertCoefficients? given = context.Given?.ExpertsFor(type, DataType.Bf16);
        var untuned = new HashSet<ExpertShape>(given?.Untuned ?? []);
        ExpertCoefficients? fitted = null;
        int passes = given is not null || used.Select(Layer).Distinct().Count() < FewLayers ? 1 : Passes;
        for (int pass = 0; pass < passes; pass++)
        {
            fitted = Fit(given, rates, used, untuned, fitted, measured, wanted.Count - used.Count, tooFast.Count);
            if (pass < passes - 1)
            {
                untuned = Slower(fitted, rates, used);
            }
        }

        return fitted! with { Layers = Layers(fitted!, rates, used) };

        double Arithmetic(ExpertRow row) => 2 * row.Elements * row.Tokens * row.PerToken / rates.FlopsPerSecond;
    }

    private static ExpertCoefficients Fit(
        ExpertCoefficients? given, GpuRates rates, List<ExpertRow> used, HashSet<ExpertShape> untuned, ExpertCoefficients? before,
        string measured, int leftOut, int impossible)
    {
        DataType type = used[0].Type;
        Parameter[] parameters = before is null ? Parameters :
        [
            .. Parameters.Zip(
                [before.LaunchSeconds, before.ExpertSeconds, before.Compute, before.UntunedCompute, before.Rows, before.Memory, before.Bytes, before.Power],
                (parameter, value) => parameter with { Start = value }),
        ];
        return new RobustFit<ExpertRow, ExpertCoefficients>
        {
            Parameters = parameters,
            Model = x => new ExpertCoefficients
            {
                Type = type,
                LaunchSeconds = x[0],
                ExpertSeconds = x[1],
                Compute = x[2],
                UntunedCompute = Math.Min(x[2], x[3]),
                Rows = x[4],
                Memory = x[5],
                Bytes = x[6],
                Power = x[7],
            },
            Predict = (model, row) => Predict(model, rates, row, !untuned.Contains(Shape(row))),
            Measured = row => row.Seconds,
            Group = Layer,
            Given = given is null ? null : given with { Type = type },
        }.Run(used, (model, quality) => model with { Quality = quality, Untuned = [.. untuned.OrderBy(shape => shape.Experts).ThenBy(shape => shape.Width)] }, new FitQuality
        {
            Measured = measured,
            Rows = used.Count,
            LeftOut = leftOut,
            Impossible = impossible,
            Ranges = $"tokens {used.Min(row => row.Tokens)} to {used.Max(row => row.Tokens)}, hidden {used.Min(row => row.Hidden)} to "
                + $"{used.Max(row => row.Hidden)}, width {used.Min(row => row.Width)} to {used.Max(row => row.Width)}, experts "
                + $"{used.Min(row => row.Experts)} to {used.Max(row => row.Experts)}, "
                + (used[0].IsBalanced ? "equally loaded" : "power-law load"),
        });
    }

    private static List<ExpertLayer> Layers(ExpertCoefficients fitted, GpuRates rates, List<ExpertRow> used)
    {
        var layers = new List<ExpertLayer>();
        foreach (var group in used.Where(row => row.Type == fitted.Type).GroupBy(Layer))
        {
            ExpertRow first = group.First();
            List<(double Tokens, double Ratio)> known =
            [
                .. group.GroupBy(row => row.Tokens).OrderBy(same => same.Key).Select(same => ((double)same.Key, FitContext.Median(same.Select(row =>
                    row.Seconds / Predict(fitted, rates, row, !fitted.Untuned.Contains(Shape(row))))))),
            ];
            if (known.Count >= FewestTokenCounts)
            {
                layers.Add(new ExpertLayer
                {
                    Experts = first.Experts,
                    Width = first.Width,
                    Hidden = first.Hidden,
                    PerToken = first.PerToken,
                    Thousandths = [.. Enumerable.Range(0, Doublings).Select(doubling => (int)Math.Round(1000 * Math.Clamp(At(known, 1 << doubling) - 1, -MostDeviation, MostDeviation)))],
                });
            }
        }

        return layers;
    }

    // Straight between the nearest, the nearest one's beyond.
    private static double At(List<(double Tokens, double Ratio)> known, double tokens)
    {
        int above = known.FindIndex(one => one.Tokens >= tokens);
        if (above <= 0)
        {
            return above == 0 ? known[0].Ratio : known[^1].Ratio;
        }

        ((double x0, double y0), (double x1, double y1)) = (known[above - 1], known[above]);
        return y0 + (y1 - y0) * (tokens - x0) / (x1 - x0);
    }

    // Shapes whose rows of many tokens the lower rate explains better.
    private static HashSet<ExpertShape> Slower(ExpertCoefficients fitted, GpuRates rates, List<ExpertRow> used) =>
        [.. used.Where(row => row.Tokens >= ManyTokens).GroupBy(Shape)
            .Where(group => group.Sum(row => Error(fitted, rates, row, false)) < group.Sum(row => Error(fitted, rates, row, true)))
            .Select(group => group.Key)];

    private static double Error(ExpertCoefficients model, GpuRates rates, ExpertRow row, bool tuned) =>
        Math.Abs(DeterministicMath.Log(Predict(model, rates, row, tuned) / row.Seconds));

    private static double Predict(ExpertCoefficients model, GpuRates rates, ExpertRow row, bool tuned) => model.Seconds(
        rates, (double)row.Tokens * row.PerToken, row.Distinct, row.Elements, row.Type.BytesPerElement(), row.ActivationBytes, tuned);

    private static ExpertShape Shape(ExpertRow row) => new(row.Experts, row.Width);

    private static string Layer(ExpertRow row) => $"{row.Hidden}/{row.Width}/{row.PerToken}/{row.Experts}";
}
