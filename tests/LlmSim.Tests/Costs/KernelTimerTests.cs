using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Costs;

/// <summary>Formulas on a GPU of round numbers: 100 TFLOP/s, 1 TB/s, a link of 100 GB/s and 10 µs.</summary>
public sealed class KernelTimerTests
{
    private static readonly KernelEfficiencies Round = new()
    {
        GemmCompute = 0.5,
        GemmMemory = 0.8,
        GemmLaunchSeconds = 2e-6,
        PrefillCompute = 0.5,
        PrefillMemory = 0.4,
        PrefillLaunchSeconds = 10e-6,
        DecodeCompute = 0.5,
        DecodeMemory = 0.8,
        DecodeLaunchSeconds = 12e-6,
        ElementwiseMemory = 0.5,
        ElementwiseLaunchSeconds = 3e-6,
        LinkBandwidth = 0.5,
        TwoPhaseLatencyFactor = 2,
        SamplerStepSeconds = 20e-6,
        SamplerRowSeconds = 1e-6,
    };

    private static readonly KernelTimer Timer = new(
        TestScenarios.RoundGpu, TestScenarios.RoundGpu.Interconnect, spansNodes: false, Round);

    [Fact]
    public void Gemm_of_one_row_is_bound_by_reading_the_weights()
    {
        // 1000·2000 weights·2 B + (1000 + 2000)·2 B = 4,006,000 B; /(0.8·1e12) = 5.0075 µs; + 2 µs launch; twice.
        var work = Timer.Gemm(2, 1, 1000, 2000, DataType.Bf16, 2);
        Assert.Equal(8_000_000, work.Flops); // 2 kernels · 2·1·1000·2000
        Assert.Equal(8_012_000, work.Bytes);
        AssertMicroseconds(10.015, work.Memory);
        AssertMicroseconds(4, work.Latency);
        Assert.Equal(0, work.Compute);
    }

    [Fact]
    public void Gemm_of_many_rows_is_bound_by_arithmetic()
    {
        // 2·1000·1000·2000 = 4e9 FLOP; /(0.5·100e12) = 80 µs, against (4e6 + 6e6) B/(0.8e12) = 12.5 µs.
        var work = Timer.Gemm(1, 1000, 1000, 2000, DataType.Bf16, 2);
        AssertMicroseconds(80, work.Compute);
        Assert.Equal(0, work.Memory);
    }

    [Fact]
    public void Eight_bit_gemm_halves_weight_bytes_and_uses_the_faster_units_where_there_are_any()
    {
        // FP8 at 200 TFLOP/s: 4e9 / (0.5·200e12) = 40 µs. INT8: the GPU has no units, so 80 µs at the 16-bit rate.
        AssertMicroseconds(40, Timer.Gemm(1, 1000, 1000, 2000, DataType.Fp8, 2).Compute);
        AssertMicroseconds(80, Timer.Gemm(1, 1000, 1000, 2000, DataType.Int8, 2).Compute);
        Assert.Equal(2_006_000, Timer.Gemm(1, 1, 1000, 2000, DataType.Fp8, 2).Bytes);
        // FP32 at 50 TFLOP/s: 160 µs.
        AssertMicroseconds(160, Timer.Gemm(1, 1000, 1000, 2000, DataType.Fp32, 4).Compute);
    }

    [Fact]
    public void Elementwise_kernels_move_bytes()
    {
        // 1e6 B / (0.5·1e12) = 2 µs, + 3 µs; four of them.
        var work = Timer.Elementwise(4, 1e6);
        AssertMicroseconds(8, work.Memory);
        AssertMicroseconds(12, work.Latency);
        Assert.Equal((4, 4e6), (work.Kernels, work.Bytes));
    }

    [Fact]
    public void Small_all_reduce_is_one_shot_and_large_is_two_phase()
    {
        // 4 ranks at 0.5·100 GB/s. 1 kB: one-shot 10 + 3·1e3/50e9 = 10.06 µs, two-phase 20 + 1.5·1e3/50e9 = 20.03 µs.
        AssertMicroseconds(10.06, Timer.AllReduce(1, 1e3, 4).Communication);
        // 1 MB: one-shot 10 + 60 = 70 µs; two-phase 20 + 1.5e6/50e9 = 50 µs.
        AssertMicroseconds(50, Timer.AllReduce(1, 1e6, 4).Communication);
        Assert.Equal(1.5e6, Timer.AllReduce(1, 1e6, 4).Bytes);
        // Two ranks exchange the same bytes either way, so the lower floor wins: 10 + 1e6/50e9 = 30 µs; three kernels.
        AssertMicroseconds(90, Timer.AllReduce(3, 1e6, 2).Communication);
        Assert.Equal(default, Timer.AllReduce(3, 1e6, 1));
    }

    [Fact]
    public void All_gather_receives_what_the_others_hold()
    {
        // 3/4 of 1 MB at 50 GB/s = 15 µs + 10 µs.
        AssertMicroseconds(25, Timer.AllGather(1e6, 4).Communication);
        Assert.Equal(default, Timer.AllGather(1e6, 1));
    }

    [Fact]
    public void Attention_pieces()
    {
        AssertMicroseconds(2, Timer.PrefillArithmetic(1e8, 128, DataType.Bf16).Compute); // 1e8/(0.5·100e12)
        AssertMicroseconds(2.5, Timer.PrefillTraffic(1e6).Memory); // 1e6/(0.4e12)
        AssertMicroseconds(160, Timer.PrefillLaunch(32).Latency); // 32 layers · half of 10 µs
        AssertMicroseconds(192, Timer.DecodeLaunch(32).Latency); // 32 layers · half of 12 µs
        // 1e6/(0.8e12) of reading above 0.02 µs of arithmetic; 1e8/(0.5·100e12) of arithmetic above the same.
        AssertMicroseconds(1.25, Timer.DecodeKey(1e6, 1e6, DataType.Bf16).Memory);
        AssertMicroseconds(2, Timer.DecodeKey(1e8, 1e6, DataType.Bf16).Compute);
    }

    [Fact]
    public void Sampler_takes_a_step_and_rows()
    {
        var work = Timer.Sampler(7, 14e3);
        AssertMicroseconds(20, work.Latency);
        AssertMicroseconds(7, work.Memory);
    }

    private static void AssertMicroseconds(double expected, Int128 quanta) =>
        Assert.Equal(expected, CostRows.Seconds(quanta) * 1e6, 6);
}
