using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>
/// Prompt and output lengths joined by a Gaussian copula: each keeps its law, and long prompts go with long outputs, or with
/// short ones, as far as the rank correlation says.
/// </summary>
/// <remarks>
/// Normal variables of correlation r have Spearman's rank correlation ρ = 6/π·arcsin(r/2) (Kruskal, "Ordinal Measures of
/// Association", 1958), so r = 2·sin(πρ/6). Where a law gives the same length often, ties bring the rank correlation down.
/// </remarks>
internal sealed class CorrelatedLengths(
    LengthSampler inputs, RandomStream inputStream, LengthSampler outputs, RandomStream outputStream, double rankCorrelation)
    : RequestShaper
{
    private readonly double _shared = 2 * DeterministicMath.SinTurns(rankCorrelation / 12);
    private readonly double _own = Math.Sqrt(Math.Max(1 - 4 * Square(DeterministicMath.SinTurns(rankCorrelation / 12)), 0));

    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        const double least = 1e-300, most = 1 - 1.0 / (1L << 53);
        double input = inputStream.NextOpenDouble();
        double z = _shared * NormalQuantile.At(input) + _own * outputStream.NextNormal();
        double output = Math.Clamp(NormalProbability.At(z), least, most);
        return new ArrivingRequest(arrival, inputs.Quantile(input), outputs.Quantile(output));
    }

    private static double Square(double x) => x * x;
}
