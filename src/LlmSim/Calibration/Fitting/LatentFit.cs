using LlmSim.Calibration.Tables;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>
/// Fits latent attention. Tables time whole layers: fitted is what these take longer when as many tokens attend to more latents, and then a fixed time
/// for what layers with the fewest take beyond their products. Tables of kernels alone were timed without CUDA graphs: their longer rows are fitted.
/// </summary>
/// <param name="context">The GPU.</param>
/// <param name="others">What layers take besides.</param>
internal sealed class LatentFit(FitContext context, LatentLayer others)
{
    private const int TritonHeads = 16;
    private const int AllHeads = 128;
    private const int FewestHeads = 2; // A single head takes other kernels, and no model is divided as far.
    private const int LeastChunk = 128;
    private const int LeastLongChunk = 1024;
    private const double Clear = 0.25;      // of the layer: smaller differences are noise.
    private const double HostBound = 2.5;   // times the shortest tenth of rows: below, the host may be what is timed.
    private const double Disturbed = 1.1;   // times what reads more: something else was waited for.
    private const int MostThousandths = 600;

    private readonly GpuRates _rates = context.Rates(DataType.Bf16);

    /// <summary>Fits decode attention; held out are batches of some heads, with all their contexts.</summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public LatentCoefficients Decode(IReadOnlyList<LatentTime> times, bool isLayer, string measured)
    {
        List<LatentTime> decoding = [.. times.Where(time => time.NewTokens == 1 && time.Heads >= FewestHeads)];
        List<LatentRow> wanted = Rows(decoding, isLayer, others.Absorbed);
        List<LatentRow> used = Usable("latent decode attention", isLayer ? wanted.Count : decoding.Count, wanted, out FitQuality quality, measured, Flops);
        bool isTriton = used.Exists(row => row.Time.Kernel.Contains("triton", StringComparison.OrdinalIgnoreCase));
        LatentCoefficients fitted = new RobustFit<LatentRow, LatentCoefficients>
        {
            Parameters =
            [
                Parameter.Time(10e-6), Parameter.Share(0.9), new(1, 0.01, 20), Parameter.Share(isTriton ? 0.2 : 0.8), new(isTriton ? 16 : 64, 1, 128),
                new(2, 1, 20), .. isTriton ? new[] { new Parameter(150, 8, 4096) } : [],
            ],
            Model = x => new LatentCoefficients
            {
                LaunchSeconds = 0,
                SequenceSeconds = 0,
                HeadSeconds = 0,
                SplitSeconds = x[0],
                Memory = x[1],
                FewSequences = x[2],
                Compute = x[3],
                TileHeads = x[4],
                Power = x[5],
                GroupHeads = isTriton ? TritonHeads : AllHeads,
                GroupSequences = isTriton ? x[6] : 1,
            },
            Predict = (model, row) => Predicted(model, row.Time) - (row.Base is { } shortest ? Predicted(model, shortest) : 0),
            Measured = row => row.Seconds,
            Group = row => $"{row.Time.Heads} heads of {row.Time.Sequences}",
            Refine = Refined,
            Given = context.Given?.LatentDecode,
        }.Run(used, (model, found) => model with { Quality = found }, quality);
        List<LatentRow> shortest = Shortest(wanted);
        return context.Given is not null ? fitted : shortest.Count == 0 ? fitted with { LaunchSeconds = KernelEfficiencies.Default.DecodeLaunchSeconds }
            : new RobustFit<LatentRow, LatentCoefficients>
            {
                Parameters = [Parameter.Time(20e-6), new(1e-8, 1e-12, 1e-6), new(1e-9, 1e-13, 1e-7)],
                Model = x => fitted with { LaunchSeconds = x[0], SequenceSeconds = x[1], HeadSeconds = x[2] },
                Predict = (model, row) => others.Others(row.Time.Heads, row.Time.Tokens) + others.Absorbed(row.Time.Heads, row.Time.Sequences) + Predicted(model, row.Time),
                Measured = row => row.Seconds,
                Group = row => $"{row.Time.Heads} heads of {row.Time.Sequences}",
            }.Run(shortest, (model, layer) => model with { Quality = fitted.Quality! with { LayerError = layer.HeldOutError } }, fitted.Quality!);

        double Flops(LatentRow row) => LatentLayer.Context(row.Time.Heads).FlopsPerKey * row.Time.Sequences * (row.Time.Keys - (row.Base?.Keys ?? 0));
    }

    /// <summary>Fits prefill attention; held out are prompts of a length with some heads.</summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public PrefillCoefficients Prefill(IReadOnlyList<LatentTime> times, bool isLayer, string measured)
    {
        List<LatentTime> prompts = LongPrompts(times, isLayer);
        List<LatentRow> wanted = Rows(prompts, isLayer, others.Expansion);
        List<LatentRow> used = Usable("latent prefill attention", isLayer ? wanted.Count : prompts.Count, wanted, out FitQuality quality, measured, row => Flops(row.Time) - (row.Base is { } shortest ? Flops(shortest) : 0));
        PrefillCoefficients fitted = new RobustFit<LatentRow, PrefillCoefficients>
        {
            Parameters = [Parameter.Time(0.1e-6), Parameter.Share(0.65), Parameter.Share(0.4), new(0.4, 0.001, 4)],
            Model = x => new PrefillCoefficients { LaunchSeconds = 0, ChunkSeconds = x[0], Compute = x[1], HeadSizePower = 0, Memory = x[2], Tail = x[3] },
            Predict = (model, row) => Predicted(model, row.Time) - (row.Base is { } shortest ? Predicted(model, shortest) : 0),
            Measured = row => row.Seconds,
            Group = row => $"{row.Time.Heads} heads of {row.Time.NewTokens}",
            Given = context.Given?.LatentPrefill,
        }.Run(used, (model, found) => model with { Quality = found }, quality);
        List<LatentRow> shortest = Shortest(wanted);
        return context.Given is not null || shortest.Count == 0 ? fitted : new RobustFit<LatentRow, PrefillCoefficients>
        {
            Parameters = [Parameter.Time(20e-6), Parameter.Share(0.4)],
            Model = x => fitted with { LaunchSeconds = x[0], Memory = x[1] },
            Predict = (model, row) => others.Others(row.Time.Heads, row.Time.Tokens) + others.Expansion(row.Time.Heads, (int)row.Time.Tokens) + Predicted(model, row.Time),
            Measured = row => row.Seconds,
            Group = row => $"{row.Time.Heads} heads of {row.Time.Tokens}",
        }.Run(shortest, (model, layer) => model with { Quality = fitted.Quality! with { LayerError = layer.HeldOutError } }, fitted.Quality!);
    }

    // Short prompts may be computed as decoding sequences are, which some tables tell by the kernel and others do not.
    private static List<LatentTime> LongPrompts(IReadOnlyList<LatentTime> times, bool isLayer)
    {
        string kernel = times.MaxBy(time => time.NewTokens).Kernel;
        return [.. times.Where(time => time.Kernel == kernel && time.NewTokens >= (isLayer ? LeastChunk : LeastLongChunk))];
    }

    private static List<LatentRow> Rows(List<LatentTime> times, bool isLayer, Func<int, int, double> besides) => isLayer
        ? [.. Sorted(times).GroupBy(time => (time.Heads, time.Tokens, time.IsPlain)).SelectMany(FromShortest)]
        : HostFree(times, besides);

    // All have the same products, so that differences are of attention alone.
    private static IEnumerable<LatentRow> FromShortest(IEnumerable<LatentTime> times)
    {
        LatentTime shortest = times.First();
        return times.Skip(1).Select(time => new LatentRow(time, shortest, time.Seconds - shortest.Seconds));
    }

    private static List<LatentRow> HostFree(List<LatentTime> times, Func<int, int, double> besides)
    {
        double floor = times.Select(time => time.Seconds).Order().ElementAt(times.Count / 10);
        return [.. Sorted(times).GroupBy(time => (time.Heads, time.Sequences)).SelectMany(Undisturbed).Where(time => time.Seconds > HostBound * floor)
            .Select(time => new LatentRow(time, null, time.Seconds - besides(time.Heads, (int)time.Tokens)))];
    }

    // Nothing takes longer than what reads more.
    private static IEnumerable<LatentTime> Undisturbed(IEnumerable<LatentTime> times)
    {
        double least = double.PositiveInfinity;
        foreach (LatentTime time in times.OrderByDescending(time => time.Keys))
        {
            least = Math.Min(least, time.Seconds);
            if (time.Seconds <= Disturbed * least)
            {
                yield return time;
            }
        }
    }

    private List<LatentRow> Usable(string family, int all, List<LatentRow> wanted, out FitQuality quality, string measured, Func<LatentRow, double> flops)
    {
        List<LatentRow> clear = [.. wanted.Where(row => row.Base is not { } shortest || row.Seconds > Clear * shortest.Seconds)];
        List<LatentRow> tooFast = [.. clear.Where(IsTooFast)];
        List<LatentRow> used = [.. clear.Where(row => !IsTooFast(row))];
        context.Check(family, clear, tooFast, used.Count, row => flops(row) / _rates.FlopsPerSecond);
        quality = new FitQuality
        {
            Measured = measured,
            Rows = used.Count,
            LeftOut = all - used.Count,
            Impossible = tooFast.Count,
            Ranges = $"sequences {used.Min(row => row.Time.Sequences)} to {used.Max(row => row.Time.Sequences)}, new tokens "
                + $"{used.Min(row => row.Time.NewTokens)} to {used.Max(row => row.Time.NewTokens)}, latents {used.Min(row => row.Time.Keys)} to "
                + $"{used.Max(row => row.Time.Keys)}, heads {used.Min(row => row.Time.Heads)} to {used.Max(row => row.Time.Heads)}",
        };
        return used;

        bool IsTooFast(LatentRow row) => context.IsTooFast(row.Seconds, flops(row),
            row.Time.NewTokens > 1 ? 0 : LatentCoefficients.KeyBytes * row.Time.Sequences * (row.Time.Keys - (row.Base?.Keys ?? 0)), DataType.Bf16);
    }

    private LatentCoefficients Refined(LatentCoefficients model, IReadOnlyList<LatentRow> rows)
    {
        int doublings = int.Log2(rows.Max(row => row.Time.Heads));
        LatentCoefficients byHeads = model with
        {
            Heads = [.. Enumerable.Range(0, doublings + 1).Select(doubling => (int)Math.Clamp(Math.Round(1000 * (MedianRatio(1 << doubling) - 1)), -MostThousandths, MostThousandths))],
        };
        return rows.Count < SurfaceFit.FewestRows ? byHeads : byHeads with
        {
            Left = SurfaceFit.Run(rows.Select(row => ((double)row.Time.Sequences, (double)row.Time.Keys, Ratio(byHeads, row))),
                (sequences, mean) => Predicted(byHeads, new LatentTime((int)sequences, 1, (long)mean, TritonHeads, true, "", 0))),
        };

        double MedianRatio(int heads) => rows.Where(row => row.Time.Heads == heads).Select(row => Ratio(model, row)).DefaultIfEmpty(1).Order().ToArray() is var all
            ? all[all.Length / 2]
            : 1;

        double Ratio(LatentCoefficients one, LatentRow row) =>
            (row.Seconds + (row.Base is { } shortest ? Predicted(one, shortest) : 0)) / Predicted(one, row.Time);
    }

    // Whole layers in 16 bits.
    private static List<LatentRow> Shortest(List<LatentRow> rows) =>
        [.. rows.Select(row => row.Base).OfType<LatentTime>().Distinct().Where(time => time.IsPlain).Select(time => new LatentRow(time, null, time.Seconds))];

    private double Predicted(LatentCoefficients model, LatentTime time)
    {
        double keys = (double)time.Sequences * time.Keys;
        return model.Seconds(_rates, time.Sequences, keys, time.Heads, LatentLayer.Context(time.Heads).FlopsPerKey, keys * LatentCoefficients.KeyBytes);
    }

    private double Predicted(PrefillCoefficients model, LatentTime time) => model.Seconds(
        _rates, time.Sequences, time.NewTokens, time.Keys - time.NewTokens, time.Heads, time.Heads, LatentLayer.MeanHeadSize);

    private static double Flops(LatentTime time) => 4.0 * time.Heads * LatentLayer.MeanHeadSize * time.Sequences
        * ((double)time.NewTokens * (time.Keys - time.NewTokens) + time.NewTokens * (time.NewTokens + 1.0) / 2);

    private static IOrderedEnumerable<LatentTime> Sorted(IEnumerable<LatentTime> times) =>
        times.OrderBy(time => time.Heads).ThenBy(time => time.Tokens).ThenBy(time => time.IsPlain).ThenBy(time => time.Keys).ThenBy(time => time.Sequences)
            .ThenBy(time => time.Seconds);
}
