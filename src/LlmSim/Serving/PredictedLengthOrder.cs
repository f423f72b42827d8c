using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// Fewest predicted output tokens first. Each prediction is the true length times a lognormal error of median 1, in whole tokens;
/// it depends on seed and request only, so that it is the same wherever and whenever the request joins a queue.
/// </summary>
/// <param name="sigma">Standard deviation of the error's logarithm. Above 0.</param>
/// <param name="seed">Seed of the errors.</param>
internal sealed class PredictedLengthOrder(double sigma, ulong seed) : AdmissionOrder
{
    /// <summary>Name of the random stream that errors are drawn from.</summary>
    public const string StreamName = "predictions";

    private const double LongestPrediction = 1L << 52;

    private readonly IndexedDraws _draws = new(seed, StreamName);

    /// <inheritdoc />
    public override long Key(in WaitingRequest request)
    {
        double error = DeterministicMath.Exp(sigma * NormalQuantile.At(_draws.OpenDouble(request.Id)));
        return (long)Math.Round(Math.Clamp(request.OutputTokens * error, 1, LongestPrediction));
    }
}
