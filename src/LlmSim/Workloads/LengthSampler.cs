using System.Diagnostics;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Draws lengths in tokens.</summary>
internal abstract class LengthSampler
{
    /// <summary>Name of the random stream that prompt lengths are drawn from.</summary>
    public const string InputStreamName = "lengths/input";

    /// <summary>Name of the random stream that output lengths are drawn from.</summary>
    public const string OutputStreamName = "lengths/output";

    /// <summary>The next length. At least 1.</summary>
    public abstract int Next();

    /// <summary>The length that this share of the draws stays at or below: never falls with the share.</summary>
    /// <param name="probability">Above 0, below 1.</param>
    public abstract int Quantile(double probability);

    /// <summary>The sampler for a law; draws come from <paramref name="stream"/>.</summary>
    /// <exception cref="ConfigException">The file of an empirical law cannot be read, or holds something else.</exception>
    public static LengthSampler Create(LengthSpec spec, RandomStream stream) => spec.Distribution switch
    {
        LengthDistribution.Fixed => new FixedLength((int)Math.Round(spec.Mean)),
        LengthDistribution.Uniform => new UniformLength(stream, spec.Min, spec.Max),
        LengthDistribution.Lognormal => new LognormalLength(stream, spec),
        LengthDistribution.Normal => new NormalLength(stream, spec),
        LengthDistribution.Exponential => new ExponentialLength(stream, spec),
        LengthDistribution.Zipf => new ZipfLength(stream, spec),
        LengthDistribution.Pareto => new ParetoLength(stream, spec),
        LengthDistribution.Empirical => new EmpiricalLength(stream, spec),
        _ => throw new UnreachableException($"Length distribution {spec.Distribution}."),
    };
}
