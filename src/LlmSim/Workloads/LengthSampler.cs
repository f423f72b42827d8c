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

    /// <summary>The sampler for a law; draws come from <paramref name="stream"/>.</summary>
    public static LengthSampler Create(LengthSpec spec, RandomStream stream) => spec.Distribution switch
    {
        LengthDistribution.Fixed => new FixedLength((int)Math.Round(spec.Mean)),
        LengthDistribution.Uniform => new UniformLength(stream, spec.Min, spec.Max),
        LengthDistribution.Lognormal => new LognormalLength(stream, spec),
        _ => throw new UnreachableException($"Length distribution {spec.Distribution}."),
    };
}
