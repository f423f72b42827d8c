using LlmSim.Uncertainty;

namespace LlmSim.Validation;

/// <summary>A figure that is compared.</summary>
/// <param name="Name">As it is called in files.</param>
/// <param name="Label">As the screen calls it, with its unit.</param>
/// <param name="Scale">Factor from seconds, or tokens a second, to that unit.</param>
/// <param name="Of">Its value.</param>
internal sealed record Figure(string Name, string Label, double Scale, Func<Figures, double?> Of)
{
    /// <summary>How much of its error kernels and host leave unexplained.</summary>
    public FigureKind Kind => Name switch
    {
        "mean_ttft" or "mean_queue" => FigureKind.MeanTtft,
        "p99_ttft" or "p99_queue" => FigureKind.TailTtft,
        "mean_tpot" or "mean_e2e" => FigureKind.Mean,
        "p99_tpot" or "p99_e2e" => FigureKind.Tail,
        _ => FigureKind.Rate,
    };

    /// <summary>Whether only some runs measure it: not shown where it was not measured.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Those that are shown of some comparisons.</summary>
    public static IEnumerable<Figure> Shown(params IEnumerable<Comparison> comparisons) =>
        All.Where(figure => !figure.IsOptional || comparisons.Any(comparison => figure.Of(comparison.Measured) is not null));

    /// <summary>All that are compared, in order.</summary>
    public static IReadOnlyList<Figure> All { get; } =
    [
        new("mean_ttft", "TTFT mean, ms", 1e3, f => f.MeanTtft),
        new("p99_ttft", "TTFT p99, ms", 1e3, f => f.P99Ttft),
        new("mean_tpot", "TPOT mean, ms", 1e3, f => f.MeanTpot),
        new("p99_tpot", "TPOT p99, ms", 1e3, f => f.P99Tpot),
        new("mean_e2e", "E2E mean, s", 1, f => f.MeanE2e),
        new("p99_e2e", "E2E p99, s", 1, f => f.P99E2e),
        new("mean_queue", "queue mean, ms", 1e3, f => f.MeanQueue) { IsOptional = true },
        new("p99_queue", "queue p99, ms", 1e3, f => f.P99Queue) { IsOptional = true },
        new("tokens_per_second", "output tokens/s", 1, f => f.TokensPerSecond),
    ];
}
