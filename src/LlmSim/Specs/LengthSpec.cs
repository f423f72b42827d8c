namespace LlmSim.Specs;

/// <summary>A law of lengths in tokens.</summary>
/// <remarks>
/// Written in files and flags as <c>512</c>, <c>uniform:128..1024</c>, <c>lognormal:mean=512,sigma=0.8</c>,
/// <c>normal:mean=512,sigma=100</c>, <c>exponential:mean=512</c>, <c>zipf:shape=1.2,min=1,max=4096</c>,
/// <c>pareto:shape=1.5,min=64</c> or <c>empirical:lengths.csv</c>; all but the first and the last also with <c>min</c> and
/// <c>max</c>. What is cut lands on the end of the range, so that the mean of the lengths is not that of the law.
/// </remarks>
public sealed record LengthSpec
{
    /// <summary>The law. Default fixed.</summary>
    public LengthDistribution Distribution { get; init; }

    /// <summary>Fixed: the length. Lognormal, normal, exponential: the mean of the law before cutting. At least 1.</summary>
    public double Mean { get; init; } = 1;

    /// <summary>
    /// Lognormal: standard deviation of the logarithm, at most 10. Normal: standard deviation in tokens. At least 0. Default 0.
    /// </summary>
    public double Sigma { get; init; }

    /// <summary>
    /// Zipf: the power that probability falls with, from 0 (uniform) to 100. Pareto: the power that the chance of a longer
    /// request falls with, above 0 and at most 100; the mean exists above 1. Default 1.
    /// </summary>
    public double Shape { get; init; } = 1;

    /// <summary>Uniform, Zipf, Pareto: least length. Others: cut from below. At least 1. Default 1.</summary>
    public int Min { get; init; } = 1;

    /// <summary>Uniform, Zipf: greatest length. Others: cut from above. At least <see cref="Min"/>. Default 1,048,576.</summary>
    public int Max { get; init; } = 1 << 20;

    /// <summary>
    /// Empirical: CSV file, plain or gzip, of lengths in tokens, one a line, each perhaps followed by its weight; a header
    /// <c>tokens,weight</c> may stand over them.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Always <paramref name="tokens"/> tokens.</summary>
    public static LengthSpec Fixed(int tokens) => new() { Mean = tokens };

    /// <summary>Every length from <paramref name="min"/> to <paramref name="max"/> tokens equally likely.</summary>
    public static LengthSpec Uniform(int min, int max) =>
        new() { Distribution = LengthDistribution.Uniform, Min = min, Max = max, Mean = (min + (double)max) / 2 };

    /// <summary>Lognormal with this mean in tokens and this standard deviation of the logarithm.</summary>
    public static LengthSpec Lognormal(double mean, double sigma, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Lognormal, Mean = mean, Sigma = sigma, Min = min, Max = max };

    /// <summary>Normal with this mean and this standard deviation in tokens.</summary>
    public static LengthSpec Normal(double mean, double sigma, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Normal, Mean = mean, Sigma = sigma, Min = min, Max = max };

    /// <summary>Exponential with this mean in tokens.</summary>
    public static LengthSpec Exponential(double mean, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Exponential, Mean = mean, Min = min, Max = max };

    /// <summary>Lengths from <paramref name="min"/> to <paramref name="max"/> with probabilities that fall with this power.</summary>
    public static LengthSpec Zipf(double shape, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Zipf, Shape = shape, Min = min, Max = max };

    /// <summary>Pareto: the chance of more than x tokens is (<paramref name="min"/>/x) to the power of <paramref name="shape"/>.</summary>
    public static LengthSpec Pareto(double shape, int min, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Pareto, Shape = shape, Min = min, Max = max };

    /// <summary>The lengths in a file.</summary>
    public static LengthSpec Empirical(string path, int min = 1, int max = 1 << 20) =>
        new() { Distribution = LengthDistribution.Empirical, Path = path, Min = min, Max = max };

    /// <summary>Whether <see cref="Mean"/> means anything.</summary>
    internal bool HasMean => Distribution is LengthDistribution.Fixed or LengthDistribution.Lognormal
        or LengthDistribution.Normal or LengthDistribution.Exponential;

    /// <summary>Whether <see cref="Sigma"/> means anything.</summary>
    internal bool HasSigma => Distribution is LengthDistribution.Lognormal or LengthDistribution.Normal;

    /// <summary>Whether <see cref="Shape"/> means anything.</summary>
    internal bool HasShape => Distribution is LengthDistribution.Zipf or LengthDistribution.Pareto;
}
