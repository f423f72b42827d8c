namespace LlmSim.Uncertainty;

/// <summary>
/// What measured serving runs say of the errors: how much of those of kernels and host shows in them, and what these leave unexplained,
/// as standard deviations of ln(measured / simulated).
/// </summary>
/// <remarks>
/// <c>llmsim validate RUN_DIR… --fit-residual</c> prints this table for its runs, and how many figures it holds of each model when the runs of
/// that model are left out. <c>docs/uncertainty.md</c> says how it is found.
/// </remarks>
internal sealed record ServingResidual
{
    /// <summary>Today's values: nine public runs, eight on H100 and one on RTX PRO 6000.</summary>
    public static ServingResidual Default { get; } = new()
    {
        Kernels = 0.54,
        Step = 0,
        MeanTtft = 0.043,
        TailTtft = 0.206,
        Mean = 0.01,
        Tail = 0.026,
        Rate = 0.003,
    };

    /// <summary>Never is less than this share of what tables show believed: other GPUs and models come than those that were measured.</summary>
    public const double LeastOfKernels = 0.4;

    /// <summary>Latencies always have as much: repeated runs of one setting of a real server differ by 2 to 3%.</summary>
    public const double LeastOfLatencies = 0.01;

    /// <summary>Rates always have as much: how long the last requests take.</summary>
    public const double LeastOfRates = 0.003;

    /// <summary>Nothing.</summary>
    public static ServingResidual None { get; } = new();

    /// <summary>
    /// Factor on the deviations of kernels and host, from <see cref="LeastOfKernels"/> to 1: in a step the errors of single families partly cancel.
    /// Default 1.
    /// </summary>
    public double Kernels { get; init; } = 1;

    /// <summary>All kernels of a step together: engine versions, clocks, what no table shows. A factor of its own in every draw.</summary>
    public double Step { get; init; }

    /// <summary>Time to first token: mean and lower percentiles.</summary>
    public double MeanTtft { get; init; }

    /// <summary>Its percentiles from the 95th on: stalls, compilation on first use.</summary>
    public double TailTtft { get; init; }

    /// <summary>Times per token and to the last token: mean and lower percentiles. Runs of the same setting vary by so much.</summary>
    public double Mean { get; init; }

    /// <summary>Their percentiles from the 95th on.</summary>
    public double Tail { get; init; }

    /// <summary>Rates, shares and levels.</summary>
    public double Rate { get; init; }

    /// <summary>The one for a kind of figure.</summary>
    public double Of(FigureKind kind) => kind switch
    {
        FigureKind.MeanTtft => MeanTtft,
        FigureKind.TailTtft => TailTtft,
        FigureKind.Mean => Mean,
        FigureKind.Tail => Tail,
        _ => Rate,
    };
}
