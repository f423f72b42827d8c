using LlmSim.Calibration.Tables;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits what decoding sequences add to steps with prompt chunks.</summary>
internal static class MixedFit
{
    // What servers compute, and what counts in their steps.
    private const int FewestSequences = 8;
    private const int ShortestContext = 128;
    private const int LongestContext = 8192;

    private static readonly Parameter[] Parameters =
    [
        Parameter.Time(4e-6), new(2.5, 0.3, 10), Parameter.Share(0.9), new(0.5, 0.01, 1), new(2, 0.1, 20), new(2, 0.5, 6), new(2, 1, 20), Parameter.Time(4e-9),
    ];

    /// <summary>Fits; held out are numbers of sequences with their contexts, or whole layouts of heads where there are some.</summary>
    /// <exception cref="ConfigException">There are too few rows.</exception>
    public static MixedCoefficients Run(FitContext context, IReadOnlyList<MixedRow> rows, string measured)
    {
        GpuRates rates = context.Rates(DataType.Bf16);
        List<MixedRow> used =
        [
            .. rows.Where(row => row.Seconds > 0 && row.PrefillSeconds > 0 && row.Sequences >= FewestSequences
                    && row.Context is >= ShortestContext and <= LongestContext)
                .OrderBy(row => row.Heads).ThenBy(row => row.Chunk).ThenBy(row => row.Behind).ThenBy(row => row.Sequences).ThenBy(row => row.Context),
        ];
        context.Check("mixed attention", rows, [], used.Count, row => row.PrefillSeconds);
        return new RobustFit<MixedRow, MixedCoefficients>
        {
            Parameters = Parameters,
            Model = x => new MixedCoefficients
            {
                StartSeconds = x[0],
                Stream = x[1],
                Memory = x[2],
                WaveOverlap = x[3],
                Cache = x[4],
                CachePower = x[5],
                Power = x[6],
                TileSeconds = x[7],
            },
            Predict = (model, row) => row.PrefillSeconds
                + model.Seconds(rates, context.ColdBytes / 2, row.Sequences, (double)row.Sequences * row.Context, row.Heads, row.KvHeads, row.HeadSize)
                + model.TileSeconds * row.Heads * row.Sequences * ((row.Chunk - 1) / MixedCoefficients.TileRows),
            Measured = row => row.Seconds,
            Group = row => $"{row.Sequences} with {row.Context}",
            Given = context.Given?.Mixed,
        }.Run(used, (model, quality) => model with { Quality = quality }, new FitQuality
        {
            Measured = measured,
            Rows = used.Count,
            LeftOut = rows.Count - used.Count,
            Ranges = $"sequences {used.Min(row => row.Sequences)} to {used.Max(row => row.Sequences)}, context {used.Min(row => row.Context)} to "
                + $"{used.Max(row => row.Context)}, chunks of {used.Min(row => row.Chunk)} to {used.Max(row => row.Chunk)}, key/value heads "
                + $"{used.Min(row => row.KvHeads)} to {used.Max(row => row.KvHeads)}",
        });
    }
}
