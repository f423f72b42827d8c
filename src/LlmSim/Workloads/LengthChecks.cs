using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with a law of lengths.</summary>
internal static class LengthChecks
{
    private const int MostSigma = 10;

    /// <summary>Checks a law.</summary>
    public static void Check(ProblemList list, string field, LengthSpec length)
    {
        const string fix = "Give a length that a request can have.";
        list.Known($"{field}.distribution", length.Distribution);
        if (length.Distribution != LengthDistribution.Uniform)
        {
            list.Require(length.Mean is >= 1 and <= int.MaxValue, $"{field}.mean", length.Mean, "from 1 to 2147483647 tokens", fix);
        }

        if (length.Distribution == LengthDistribution.Lognormal)
        {
            list.Require(length.Sigma is >= 0 and <= MostSigma, $"{field}.sigma", length.Sigma, $"from 0 to {MostSigma}",
                "Give the standard deviation of the logarithm, usually 0.3 to 1.5.");
        }

        if (length.Distribution != LengthDistribution.Fixed)
        {
            list.Require(length.Min >= 1, $"{field}.min", length.Min, "at least 1 token", fix);
            list.Require(length.Max >= length.Min, $"{field}.max", length.Max, $"at least min, which is {length.Min}",
                "Exchange min and max, or raise max.");
        }
    }
}
