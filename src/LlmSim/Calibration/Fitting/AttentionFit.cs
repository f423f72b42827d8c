using LlmSim.Calibration.Tables;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits attention with 16-bit caches and heads of 64 or 128 elements.</summary>
internal static class AttentionFit
{
    private const int LeastChunk = 128;
    private const int LongestContext = 32 * 1024;
    private const int SharedHeads = 4; // of a key/value head in most models
    private const double ServerBytes = 30e6;
    private const int ServerSequences = 16;
    private const int ServerContext = 8 * 1024;

    private static readonly Parameter[] DecodeParameters =
    [
        Parameter.Time(10e-6), Parameter.Time(1e-6), Parameter.Time(2e-6), Parameter.Time(0.03e-6), new(0.02, 1e-4, 4),
        Parameter.Share(0.95), new(0.5, 0.01, 200), Parameter.Time(0.01e-6), Parameter.Time(5e-6), new(3e8, 1e7, 2e9),
        new(1.5, 1, 20),
    ];

    private static readonly Parameter[] PrefillParameters =
    [
        Parameter.Time(10e-6), Parameter.Time(0.1e-6), Parameter.Share(0.65), new(0.5, 0.001, 2), Parameter.Share(0.4), new(0.4, 0.001, 4),
    ];

    /// <summary>
    /// Fits decode attention, shared key/value heads and others apart; held out are whole layouts of heads, or contexts where there are few layouts.
    /// </summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public static IReadOnlyList<DecodeCoefficients> Decode(FitContext context, IReadOnlyList<AttentionRow> rows, string measured) =>
    [
        .. rows.Where(row => row.Heads <= DecodeCoefficients.MostShared * row.KvHeads && row.Context < LongestContext)
            .GroupBy(row => row.Heads > row.KvHeads).OrderByDescending(group => group.Key)
            .Select(group => Decode(context, ColdIfAny([.. group]), measured, group.Key)),
    ];

    // Tables that repeat one kernel find some of its cache again however large that is; timings inside an engine do not.
    private static List<AttentionRow> ColdIfAny(List<AttentionRow> rows) => rows.Exists(row => row.IsCold) ? rows.FindAll(row => row.IsCold) : rows;

    private static DecodeCoefficients Decode(FitContext context, IReadOnlyList<AttentionRow> rows, string measured, bool grouped)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<AttentionRow> wanted = Sorted(rows);
        List<AttentionRow> tooFast = [.. wanted.Where(IsTooFast)];
        List<AttentionRow> used = [.. wanted.Where(row => !IsTooFast(row) && (row.IsCold || !IsWarm(row)))];
        context.Check($"decode attention, {(grouped ? "grouped" : "multi-head")}", wanted, tooFast, used.Count,
            row => row.CacheBytes / rates.BytesPerSecond);
        bool oneLayout = used.Select(Layout).Distinct().Count() < 6;

        // Rows that memory bounds are the fewer, and weigh as much as the rest; where even small caches are cold, so do batches that servers have.
        double memoryWeight = Math.Max(1, (double)used.Count / Math.Max(1, used.Count(IsMemory)) - 1);
        return new RobustFit<AttentionRow, DecodeCoefficients>
        {
            Parameters = DecodeParameters,
            Model = x => new DecodeCoefficients
            {
                Grouped = grouped,
                LaunchSeconds = x[0],
                BatchedSeconds = x[1],
                SplitSeconds = x[2],
                ItemSeconds = x[3],
                QueryShare = x[4],
                Memory = x[5],
                FewItems = x[6],
                ItemTrafficSeconds = x[7],
                FillingSeconds = x[8],
                FillingBytes = x[9],
                Power = x[10],
            },
            Predict = Predicted,
            Refine = (model, seen) => model with
            {
                Left = used.Count < SurfaceFit.FewestRows ? null : SurfaceFit.Run(seen.Select(row =>
                    (Items(row), Math.Max(1, row.CacheBytes / Items(row) / DecodeCoefficients.KeyBytes), row.Seconds / Predicted(model, row))),
                    (items, keys) => model.Seconds(rates, (int)items, items * keys, grouped ? SharedHeads : 1, 1, items * keys * DecodeCoefficients.KeyBytes)),
            },
            Measured = row => row.Seconds,
            Group = oneLayout ? row => $"context {row.Context}" : Layout,
            Weight = row => IsMemory(row) ? memoryWeight : 1,
            Given = context.Given?.DecodeFor(grouped) is { } given ? given with { Grouped = grouped } : null,
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, wanted, used, tooFast.Count));

        bool IsTooFast(AttentionRow row) => context.IsTooFast(row.Seconds, 0, row.CacheBytes, DataType.Bf16);

        static double Items(AttentionRow row) => (double)row.Sequences * row.KvHeads;

        double Predicted(DecodeCoefficients model, AttentionRow row) => model.Seconds(
            rates, row.Sequences, (double)row.Sequences * (row.Context + 1), row.Heads, row.KvHeads, row.CacheBytes);

        bool IsMemory(AttentionRow row) => row.IsCold
            ? row.CacheBytes > ServerBytes && row.Sequences >= ServerSequences && row.Context <= ServerContext
            : row.CacheBytes > context.ColdBytes;

        // Between what costs little and what leaves the L2 cache: read from there in the measurement, but not in a server.
        bool IsWarm(AttentionRow row) => row.CacheBytes <= context.ColdBytes && row.CacheBytes / rates.BytesPerSecond > 0.1 * row.Seconds;
    }

    /// <summary>Fits prefill attention of 128 tokens or more; held out as for decode.</summary>
    /// <exception cref="ConfigException">The rows cannot be right.</exception>
    public static PrefillCoefficients Prefill(FitContext context, IReadOnlyList<AttentionRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<AttentionRow> wanted = [.. Sorted(rows).Where(row => row.NewTokens >= LeastChunk)];
        List<AttentionRow> tooFast = [.. wanted.Where(IsTooFast)];
        List<AttentionRow> used = [.. wanted.Where(row => !IsTooFast(row))];
        context.Check("prefill attention", wanted, tooFast, used.Count, row => Flops(row) / rates.FlopsPerSecond);
        bool oneLayout = used.Select(Layout).Distinct().Count() < 6;
        return new RobustFit<AttentionRow, PrefillCoefficients>
        {
            Parameters = PrefillParameters,
            Model = x => new PrefillCoefficients
            {
                LaunchSeconds = x[0],
                ChunkSeconds = x[1],
                Compute = x[2],
                HeadSizePower = x[3],
                Memory = x[4],
                Tail = x[5],
            },
            Predict = (model, row) => model.Seconds(rates, row.Sequences, row.NewTokens, row.Context, row.Heads, row.KvHeads, row.HeadSize),
            Measured = row => row.Seconds,
            Group = oneLayout ? row => $"{row.NewTokens} behind {row.Context}" : Layout,
            Given = context.Given?.Prefill,
        }.Run(used, (model, quality) => model with { Quality = quality }, Quality(measured, wanted, used, tooFast.Count));

        bool IsTooFast(AttentionRow row) => context.IsTooFast(row.Seconds, Flops(row), 0, DataType.Bf16);
    }

    private static double Flops(AttentionRow row) => 4.0 * row.Heads * row.HeadSize * row.Sequences
        * ((double)row.NewTokens * row.Context + row.NewTokens * (row.NewTokens + 1.0) / 2);

    private static string Layout(AttentionRow row) => $"{row.Heads}/{row.KvHeads}/{row.HeadSize}";

    private static List<AttentionRow> Sorted(IReadOnlyList<AttentionRow> rows) =>
        [.. rows.Where(row => row.HeadSize is 64 or 128)
            .OrderBy(row => row.HeadSize).ThenBy(row => row.Heads).ThenBy(row => row.KvHeads).ThenBy(row => row.NewTokens)
            .ThenBy(row => row.Sequences).ThenBy(row => row.Context).ThenBy(row => row.Seconds)];

    private static FitQuality Quality(string measured, List<AttentionRow> wanted, List<AttentionRow> used, int impossible) => new()
    {
        Measured = measured,
        Rows = used.Count,
        LeftOut = wanted.Count - used.Count,
        Impossible = impossible,
        Ranges = $"sequences {used.Min(row => row.Sequences)} to {used.Max(row => row.Sequences)}, new tokens "
            + $"{used.Min(row => row.NewTokens)} to {used.Max(row => row.NewTokens)}, context {used.Min(row => row.Context)} to "
            + $"{used.Max(row => row.Context)}, key/value heads {used.Min(row => row.KvHeads)} to {used.Max(row => row.KvHeads)}",
    };
}
