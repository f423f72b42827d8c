using CsCheck;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

/// <summary>Kernel times that are remembered.</summary>
public sealed class KnownSecondsTests
{
    private const int MaxRows = 64;

    [Fact]
    public void Are_kept_by_shape_and_rows_up_to_the_most()
    {
        var known = new KnownSeconds<string>(MaxRows);
        Assert.Equal([0, 1, 2, 3], new[] { known.Get("a", 1), known.Keep("a", 1, 1), known.Keep("b", 1, 2), known.Keep("a", MaxRows + 1, 3) });
        Assert.Equal([1, 2, 0, 0], new[] { known.Get("a", 1), known.Get("b", 1), known.Get("a", 2), known.Get("a", MaxRows + 1) });
    }

    [Fact]
    public void Are_those_of_a_timer_that_remembers_nothing()
    {
        KernelTimer remembering = Timer(MaxRows);
        Gen.Select(Gen.Int[1, 2 * MaxRows], Gen.OneOf(1024, 4096), Gen.OneOf(1024, 14336), Gen.OneOf(DataType.Bf16, DataType.Fp8), Gen.OneOf(2, 4))
            .Sample(
                (rows, inner, outer, weights, bytes) => Assert.Equal(
                    Timer(0).Gemm(32, rows, inner, outer, weights, bytes), remembering.Gemm(32, rows, inner, outer, weights, bytes)),
                threads: 1);
    }

    private static CalibratedTimer Timer(int maxRows)
    {
        GpuSpec gpu = GpuCatalog.Get("h100-80gb-sxm");
        return new CalibratedTimer(gpu, gpu.Interconnect, spansNodes: false, KernelEfficiencies.Default, KernelProfiles.For(gpu), maxRows);
    }
}
