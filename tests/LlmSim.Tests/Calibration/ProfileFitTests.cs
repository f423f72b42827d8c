using LlmSim.Calibration;
using LlmSim.Calibration.Fitting;
using LlmSim.Calibration.Tables;
using LlmSim.Specs;

namespace LlmSim.Tests.Calibration;

public sealed class ProfileFitTests
{
    [Fact]
    public void The_fit_finds_the_times_that_tables_were_made_of()
    {
        using MadeTables tables = new MadeTables().WithGemm().WithDecode();
        KernelProfile profile = Fit(tables);
        GemmCoefficients gemm = Assert.Single(profile.Gemm);
        Assert.InRange(gemm.Quality!.HeldOutMedian, 0.005, 0.025);
        foreach ((int m, int n, int k) in new[] { (1, 6144, 4096), (100, 28672, 8192), (700, 3072, 4096), (5000, 14336, 4096) })
        {
            double bytes = 2.0 * n * k + 2.0 * m * (n + k);
            double expected = MadeTables.Gemm.Seconds(MadeTables.Rates, m, k, n, bytes);
            Assert.InRange(gemm.Seconds(MadeTables.Rates, m, k, n, bytes) / expected, 0.95, 1.05);
        }

        DecodeCoefficients decode = Assert.Single(profile.Decode);
        Assert.InRange(decode.Quality!.HeldOutError, 0.005, 0.03);
        double keys = 100 * 3000, size = 4.0 * 128 * 8 * keys;
        Assert.InRange(decode.Seconds(MadeTables.Rates, 100, keys, 48, 8, size)
            / MadeTables.Decode.Seconds(MadeTables.Rates, 100, keys, 48, 8, size), 0.97, 1.03);
        Assert.Equal(["vllm 0.24.0"], profile.Measured);
    }

    [Fact]
    public void The_same_tables_give_the_same_bytes_and_bytes_read_back_the_same()
    {
        using MadeTables tables = new MadeTables().WithDecode();
        string first = KernelProfileJson.Write(Fit(tables));
        Assert.Equal(first, KernelProfileJson.Write(Fit(tables)));
        Assert.Equal(first, KernelProfileJson.Write(KernelProfileJson.Read("profile", System.Text.Encoding.UTF8.GetBytes(first))));
    }

    [Fact]
    public void Times_in_microseconds_are_taken_for_a_wrong_unit()
    {
        using MadeTables tables = new MadeTables().WithGemm(unit: 1e-6);
        Assert.Contains("Check the unit", Problem(tables).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_in_seconds_are_faster_than_the_GPU_can_be()
    {
        using MadeTables tables = new MadeTables().WithGemm(unit: 1);
        Assert.Contains("faster than h100-80gb-sxm can be", Problem(tables).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Few_rows_missing_columns_and_no_tables_are_refused()
    {
        using var few = new MadeTables();
        few.With("gemm_perf.csv", "framework,version,gemm_dtype,m,n,k,latency\nVLLM,0.24.0,bfloat16,1,8192,8192,0.06\n");
        Assert.Equal(("GEMM in Bf16", "1 usable rows of 1"), (Problem(few).Field, Problem(few).Value));
        few.With("gemm_perf.csv", "framework,version,gemm_dtype,m,n,latency\nVLLM,0.24.0,bfloat16,1,8192,0.06\n");
        Assert.Equal("no column k", Problem(few).Value);
        few.With("gemm_perf.csv", "framework,version,gemm_dtype,m,n,k,latency\nVLLM,0.24.0,bfloat16,one,8192,8192,0.06\n");
        Assert.Equal("'one' in row 1", Problem(few).Value);
        using var none = new MadeTables();
        Assert.Contains("*_perf.csv or .parquet", Problem(none).Allowed, StringComparison.Ordinal);
        none.With("gemm_perf.parquet", "PAR1");
        Assert.Equal("no Parquet file, or one that is cut off", Problem(none).Value);
    }

    [Fact]
    public void Of_each_table_the_newest_version_of_the_engine_is_taken()
    {
        using var tables = new MadeTables();
        const string head = "framework,version,gemm_dtype,m,n,k,latency\n";
        foreach ((string folder, string engine, string version) in new[] { ("a", "VLLM", "0.9.1"), ("b", "VLLM", "0.24.0"), ("c", "SGLang", "9.0") })
        {
            Directory.CreateDirectory(Path.Combine(tables.Path, folder));
            tables.With($"{folder}/gemm_perf.csv", $"{head}{engine},{version},bfloat16,1,8192,8192,0.06\n");
        }

        Assert.Equal("vllm 0.24.0", new TableFiles([tables.Path], "vllm", null).Find("gemm")!.Value.Measured);
        Assert.Equal("vllm 0.9.1", new TableFiles([tables.Path], "vllm", "0.9.1").Find("gemm")!.Value.Measured);
        Assert.Equal("sglang 9.0", new TableFiles([tables.Path], "sglang", null).Find("gemm")!.Value.Measured);
    }

    private static KernelProfile Fit(MadeTables tables) => ProfileFit.Run(MadeTables.Gpu, new TableFiles([tables.Path], "vllm", null));

    private static ConfigProblem Problem(MadeTables tables) => Assert.Single(Assert.Throws<ConfigException>(() => Fit(tables)).Problems);
}
