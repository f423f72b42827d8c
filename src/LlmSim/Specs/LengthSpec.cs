namespace LlmSim.Specs;

/// <summary>A length in tokens: fixed, uniform or lognormal.</summary>
/// <remarks>Written in files and flags as <c>512</c>, <c>uniform:128..1024</c> or <c>lognormal:mean=512,sigma=0.8[,min=1,max=4096]</c>.</remarks>
public sealed record LengthSpec
{
    /// <summary>The law. Default fixed.</summary>
    public LengthDistribution Distribution { get; init; }

    /// <summary>Fixed: the length. Lognormal: the mean of the law before cutting. At least 1.</summary>
    public double Mean { get; init; } = 1;

    /// <summary>Lognormal: standard deviation of the logarithm. At least 0. Default 0.</summary>
    public double Sigma { get; init; }

    /// <summary>Uniform: least length. Lognormal: cut from below. At least 1. Default 1.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Uniform: greatest length. Lognormal: cut from above. At least <see cref="Min"/>. Default 1,048,576.</summary>
    public int Max { get; init; } = 1 << 20;

    /// <summary>Always <paramref name="tokens"/> tokens.</summary>
    public static LengthSpec Fixed(int tokens) => new() { Mean = tokens };

    /// <summary>Every length from <paramref name="min"/> to <paramref name="max"/> tokens equally likely.</summary>
    public static LengthSpec Uniform(int min, int max) =>
        new() { Distribution = LengthDistribution.Uniform, Min = min, Max = max, Mean = (min + (double)max) / 2 };

    /// <summary>Lognormal with this mean in tokens and this standard deviation of the logarithm.</summary>
    public static LengthSpec Lognormal(double mean, double sigma, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Lognormal, Mean = mean, Sigma = sigma, Min = min, Max = max };
}
