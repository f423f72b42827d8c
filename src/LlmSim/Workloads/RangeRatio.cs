using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>The spread that <c>vllm bench serve --random-range-ratio</c> gives to fixed lengths.</summary>
internal static class RangeRatio
{
    /// <summary>
    /// Every whole number from ⌊L(1 − r)⌋, at least 1, to ⌈L(1 + r)⌉ equally likely, as vLLM v0.19 has it
    /// (<c>vllm/benchmarks/datasets.py</c>, <c>RandomDataset.get_sampling_params</c>).
    /// </summary>
    public static LengthSpec Apply(LengthSpec length, double ratio) =>
        ratio == 0 || length.Distribution != LengthDistribution.Fixed ? length
        : LengthSpec.Uniform(
            (int)Math.Max(Math.Floor(length.Mean * (1 - ratio)), 1),
            (int)Math.Min(Math.Ceiling(length.Mean * (1 + ratio)), int.MaxValue));
}
