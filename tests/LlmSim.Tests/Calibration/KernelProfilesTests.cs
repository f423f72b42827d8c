using CsCheck;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Tests.Calibration;

public sealed class KernelProfilesTests
{
    // GPUs of the catalogue that were not measured: the profile taken, and why it is sensible.
    private static readonly (string Gpu, string Profile, string Why)[] Scaled =
    [
        ("a100-40gb-sxm", "a100-80gb-sxm", "the same chip"), ("a100-40gb-pcie", "a100-80gb-sxm", "the same chip"),
        ("a100-80gb-pcie", "a100-80gb-sxm", "the same chip"), ("h100-80gb-pcie", "h100-80gb-sxm", "the same chip"),
        ("l4", "l40s", "Ada at the full rate, 400 FLOPs a byte as well"),
        ("a10g", "a100-80gb-sxm", "Ampere at the full rate of its catalogue, 117 FLOPs a byte against 153"),
        ("t4", "a100-80gb-sxm", "the fewest FLOPs a byte of those at the full rate: 203 against 153"),
        ("mi300x", "h200-141gb-sxm", "other instructions, the nearest rates"),
        ("rtx-3090", "rtx-4090", "GeForce: half the rate with 32-bit sums"), ("rtx-5090", "rtx-4090", "GeForce as well"),
    ];

    [Fact]
    public void Every_GPU_takes_its_own_profile_or_that_of_its_nearest_kin() => Assert.Equal(
        GpuCatalog.All.Select(gpu => (gpu.Name, KernelProfiles.Gpus.Contains(gpu.Name) ? gpu.Name : Scaled.Single(one => one.Gpu == gpu.Name).Profile)),
        GpuCatalog.All.Select(gpu => (gpu.Name, KernelProfiles.For(gpu).Gpu)));

    [Theory]
    [InlineData("a100-80gb-sxm", "rtx-pro-6000")]
    [InlineData("h100", "h200-141gb-sxm")]
    [InlineData("h200", "h100-80gb-sxm")]
    [InlineData("b200", "gb200")]
    [InlineData("gb200", "b200-180gb-sxm")]
    [InlineData("l40s", "rtx-pro-6000")]
    [InlineData("rtx-4090", "rtx-pro-6000")]
    [InlineData("rtx-pro-6000", "l40s")]
    public void A_measured_GPU_left_out_takes_that_of_another(string gpu, string profile) =>
        Assert.Equal(profile, KernelProfiles.Nearest(GpuCatalog.Get(gpu)).Gpu);

    [Fact]
    public void Families_that_the_nearest_lacks_come_from_the_next()
    {
        KernelProfile profile = KernelProfiles.For(GpuCatalog.Get("rtx-5090"));
        KernelProfile next = KernelProfiles.For(GpuCatalog.Get("rtx-pro-6000"));
        Assert.Equal(KernelProfiles.For(GpuCatalog.Get("rtx-4090")).GemmFor(DataType.Bf16), profile.GemmFor(DataType.Bf16));
        Assert.Equal(next.GemmFor(DataType.Fp8), profile.GemmFor(DataType.Fp8));
        Assert.Equal(next.ExpertsFor(DataType.Bf16, DataType.Bf16), profile.ExpertsFor(DataType.Bf16, DataType.Bf16));
    }

    [Theory]
    [InlineData("vllm@0.15.1", "vllm 0.14.0")]
    [InlineData("vllm@0.19", "vllm 0.14.0")]
    [InlineData("sglang", "vllm 0.24.0")]
    public void Kernels_are_those_of_the_nearest_release_measured(string name, string measured)
    {
        Assert.True(LlmSim.Specs.Engines.EngineSpec.TryParse(name, out LlmSim.Specs.Engines.EngineSpec? engine));
        Assert.Equal([measured], KernelProfiles.For(GpuCatalog.Get("h100"), engine).Measured);
    }

    [Theory]
    [InlineData("a100", null, "a100")]
    [InlineData("a100-80gb-pcie", null, "l40s")]
    [InlineData("h100", "pcie5", "rtx-pro-6000")]
    [InlineData("rtx-4090", null, "l40s")]
    [InlineData("mi300x", null, "h100")]
    [InlineData("l40s", "nvlink4", "h100")]
    public void All_reduces_are_those_of_the_nearest_link(string gpu, string? link, string from)
    {
        var config = new SimulatorConfig
        {
            Model = ModelCatalog.Get("llama-2-7b"),
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu), Interconnect = link is null ? null : InterconnectCatalog.Get(link) },
            Profile = SimulatorConfig.EmbeddedProfile,
        };
        Assert.Equal(KernelProfiles.For(GpuCatalog.Get(from), config.Engine).AllReduce, KernelProfiles.For(config)!.AllReduce);
    }

    [Fact]
    public void An_unknown_GPU_takes_the_profile_nearest_in_rates() => Assert.Equal("h200-141gb-sxm", KernelProfiles.For(
        GpuCatalog.Get("h200") with { Name = "mine", Architecture = "", MemoryBytesPerSecond = 5000e9 }).Gpu);

    [Fact]
    public void Every_profile_says_what_it_is_and_gives_the_datasheet_of_the_catalogue()
    {
        foreach (string name in KernelProfiles.Gpus)
        {
            GpuSpec gpu = GpuCatalog.Get(name);
            KernelProfile profile = KernelProfiles.For(gpu);
            Assert.Equal(gpu.Name, profile.Gpu);
            Assert.Equal((gpu.Fp16FlopsPerSecond, gpu.MemoryBytesPerSecond), (profile.Datasheet.Fp16FlopsPerSecond, profile.Datasheet.MemoryBytesPerSecond));
            Assert.NotEmpty(profile.Gemm);
            Assert.NotEmpty(profile.Decode);
            Assert.NotNull(profile.Prefill);
            Assert.All(profile.Sources, source => Assert.Matches(@"\((Apache-2.0|MIT)\)$", source));
            Assert.All(KernelFamilies.Of(profile), family => Assert.InRange(family.Quality.HeldOutError, 0.001, 0.5));
        }
    }

    [Fact]
    public void No_product_gets_faster_with_rows_width_or_depth() => Gen.Select(
        Gen.OneOf(KernelProfiles.Gpus.ToArray()), Gen.Int[1, 20_000], Gen.Int[16, 30_000], Gen.Int[16, 30_000], Gen.Int[0, 300], Gen.Int[0, 2])
        .Sample((name, m, n, k, more, which) =>
        {
            (GpuRates rates, GemmCoefficients gemm) = (RatesOf(name), KernelProfiles.For(GpuCatalog.Get(name)).Gemm[0]);
            double before = Seconds(m, n, k);
            double after = which switch { 0 => Seconds(m + more, n, k), 1 => Seconds(m, n + more, k), _ => Seconds(m, n, k + more) };
            Assert.True(after >= before * (1 - 1e-12), $"{name} {m}x{n}x{k}: {before} then {after}");

            double Seconds(int rows, int outer, int inner) =>
                gemm.Seconds(rates, rows, inner, outer, 2.0 * inner * outer + 2.0 * rows * ((double)inner + outer));
        });

    [Fact]
    public void Decode_attention_never_gets_faster_with_context_sequences_or_less_bandwidth() => Gen.Select(
        Gen.OneOf(KernelProfiles.Gpus.ToArray()), Gen.Int[1, 1000], Gen.Int[1, 40_000], Gen.Int[0, 100], Gen.Int[0, 2], Gen.Bool)
        .Sample((name, sequences, context, more, which, grouped) =>
        {
            GpuRates rates = RatesOf(name);
            KernelProfile profile = KernelProfiles.For(GpuCatalog.Get(name));
            DecodeCoefficients decode = profile.Decode.FirstOrDefault(one => one.Grouped == grouped) ?? profile.Decode[0];
            decode = which == 1 ? decode with { Left = null } : decode; // with it, costs of a batch are made to rise from piece to piece
            double before = Seconds(rates, sequences, context);
            double after = which switch
            {
                0 => Seconds(rates, sequences + more, context),
                1 => Seconds(rates, sequences, context + more),
                _ => Seconds(rates with { BytesPerSecond = rates.BytesPerSecond / (1 + more / 100.0) }, sequences, context),
            };
            Assert.True(after >= before * (1 - 1e-12), $"{name} {sequences}x{context}: {before} then {after}");

            double Seconds(GpuRates at, int batch, int keys) =>
                decode.Seconds(at, batch, (double)batch * keys, 32, 8, 4.0 * 128 * 8 * batch * keys);
        });

    [Fact]
    public void Prefill_adds_up_by_hand()
    {
        var prefill = new PrefillCoefficients
        {
            LaunchSeconds = 10e-6,
            ChunkSeconds = 1e-6,
            Compute = 0.5,
            HeadSizePower = 1,
            Memory = 0.5,
            Tail = 0.5,
        };
        var gpu = new GpuRates(100e12, 1e12, 100);

        // 200 tokens behind 100 are 2 tiles of 128: 128·(100 + 128) + 128·(100 + 256) pairs.
        Assert.Equal(128 * (228 + 356), PrefillCoefficients.TilePairs(200, 100));
        double pairs = 2 * 74_752 * 4.0 * 8 * 128 / (0.5 * 100e12);
        double bytes = 4 * 128 * 2 * (8.0 * 200 + 2 * 300) / (0.5 * 1e12);
        double tail = 0.5 * 4 * 128 * 128 * 300 / (0.5 * 1e12);
        Assert.Equal(10e-6 + 2e-6 + pairs + bytes + tail, prefill.Seconds(gpu, 2, 200, 100, 8, 2, 128), 1e-12);
        Assert.Equal(0.25, prefill.ComputeFor(64), 1e-12);
    }

    [Fact]
    public void All_reduce_is_a_straight_line_in_logarithms_between_the_measured_ones()
    {
        var curve = new AllReduceCurve { Ranks = 2, Bytes = [100, 400, 1600], Seconds = [1, 2, 8] };
        foreach ((double bytes, double seconds) in new[] { (1.0, 1.0), (100, 1), (200, 1.4142135623731), (400, 2), (800, 4), (1600, 8), (3200, 16) })
        {
            Assert.Equal(seconds, curve.SecondsFor(bytes), 1e-12);
        }
    }

    private static GpuRates RatesOf(string name)
    {
        GpuSpec gpu = GpuCatalog.Get(name);
        return new GpuRates(gpu.Fp16FlopsPerSecond, gpu.MemoryBytesPerSecond, gpu.Multiprocessors!.Value);
    }
}
