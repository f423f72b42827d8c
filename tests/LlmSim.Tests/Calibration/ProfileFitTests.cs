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
    public void Every_family_is_found_again_in_a_small_noisy_sample()
    {
        // Times 2% to either side of known ones, each fortieth row far off: a third of the shapes, unseen, comes out within the noise.
        using MadeTables tables = new MadeTables().WithGemm().WithPrefill().WithDecode().WithExperts().WithAllReduce().WithLayers();
        KernelProfile profile = Fit(tables);
        Assert.Equal(
            ["GEMM BF16", "prefill attention", "decode attention, grouped", "experts BF16", "all-reduce of 2", "memory passes", "sampler"],
            KernelFamilies.Of(profile).Select(family => family.Name));
        Assert.All(KernelFamilies.Of(profile), family => Assert.InRange(family.Quality.HeldOutMedian, 0, 0.03));
        Assert.All(KernelFamilies.Of(profile), family => Assert.InRange(ErrorSummary.Of(family.Quality.Errors).Bias, -0.1, 0.02));
        Near(MadeTables.Prefill.Seconds(MadeTables.Rates, 2, 3000, 0, 20, 4, 128), profile.Prefill!.Seconds(MadeTables.Rates, 2, 3000, 0, 20, 4, 128), 0.03);
        Near(MadeTables.Pass.Seconds(MadeTables.Rates, 5e6), profile.Pass!.Seconds(MadeTables.Rates, 5e6), 0.02);
        Near(MadeTables.Sampler.Seconds(MadeTables.Rates, 3e6), profile.Sampler!.Seconds(MadeTables.Rates, 3e6), 0.02);
        Near(MadeTables.AllReduce.SecondsFor(3e6), profile.AllReduce[0].SecondsFor(3e6), 0.001);
        Near(Experts(MadeTables.Experts), Experts(Assert.Single(profile.Experts)), 0.03);
        Assert.Equal(["in vLLM", "vllm 0.24.0"], profile.Measured);

        static void Near(double expected, double found, double share) => Assert.InRange(found / expected, 1 - share, 1 + share);

        static double Experts(ExpertCoefficients experts) => experts.Seconds(MadeTables.Rates, 600, 60, 3.0 * 4096 * 1024, 2, 60e6, tuned: true);
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
        using MadeTables tables = new MadeTables().WithGemm(unit: 1e-6).WithPrefill(1e-6).WithDecode(1e-6).WithExperts(1e-6).WithAllReduce(1e-6).WithLayers(1e-9);
        ConfigProblem[] problems = Problems(tables);
        Assert.Equal(
            ["GEMM in Bf16", "prefill attention", "decode attention, grouped", "experts in Bf16", "all-reduce over 2", "memory passes", "sampler"],
            problems.Select(problem => problem.Field));
        Assert.All(problems, problem => Assert.Contains("Check the unit", problem.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void Times_in_seconds_are_faster_than_the_GPU_can_be()
    {
        using MadeTables tables = new MadeTables().WithGemm(unit: 1).WithPrefill(1).WithDecode(1).WithExperts(1).WithAllReduce(1).WithLayers(1e-3);
        ConfigProblem[] problems = Problems(tables);
        Assert.Equal(7, problems.Length);
        Assert.All(problems, problem => Assert.Matches("rows faster than (h100-80gb-sxm|the link) can be: .* in .* us", problem.Value));
        Assert.All(problems, problem => Assert.Contains("Check the unit", problem.Fix, StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_faster_than_the_GPU_can_be_are_left_out_and_counted_and_refused_where_they_are_most()
    {
        using MadeTables some = new MadeTables().WithGemm(impossibleEvery: 10);
        FitQuality quality = Assert.Single(Fit(some).Gemm).Quality!;
        Assert.Equal(1500 / 10, quality.Impossible);
        Assert.InRange(quality.LeftOut, quality.Impossible, quality.Impossible + 800);
        Assert.InRange(quality.HeldOutMedian, 0.005, 0.025);
        using MadeTables most = new MadeTables().WithGemm(impossibleEvery: 1);
        Assert.Matches("^1500 of 1500 rows faster than h100-80gb-sxm can be: m [0-9]+, n [0-9]+, k [0-9]+ in .* us, at least .* us$", Problem(most).Value);
    }

    [Fact]
    public void What_is_wrong_with_all_tables_is_told_at_once_by_row()
    {
        using var tables = new MadeTables();
        tables.WithLayers();
        File.WriteAllText(Path.Combine(tables.Path, "llama-3.1-8b", "tp1", "dense.csv"), "layer,time_us\nqkv_proj,3\n");
        File.WriteAllText(Path.Combine(tables.Path, "llama-3.1-8b", "tp1", "per_sequence.csv"), "layer,sequences,time_us\nsampler,0,3\n");
        tables.With("gemm_perf.csv", "framework,version,gemm_dtype,m,n,k,latency\n" + string.Concat(Enumerable.Repeat("VLLM,0.24.0,bfloat16,0,8192,8192,fast\n", 4)));
        tables.With("moe_perf.csv", "framework,version,moe_dtype\nVLLM,0.24.0,bfloat16\n");
        tables.With("context_attention_perf.csv",
            "framework,version,batch_size,isl,num_heads,num_key_value_heads,head_dim,kv_cache_dtype,step,latency\nVLLM,0.24.0,1,128,8,8,128,bf16,0,1\n");
        Assert.Equal(
            [
                "dense.csv: no column tokens", "per_sequence.csv: sequences: '0' in row 1",
                "gemm_perf.csv: m: '0' in row 1", "gemm_perf.csv: latency: 'fast' in row 1", "gemm_perf.csv: m: '0' in row 2", "gemm_perf.csv: latency: 'fast' in row 2",
                "gemm_perf.csv: m: '0' in row 3", "gemm_perf.csv: 3 more such fields",
                "context_attention_perf.csv: kv_cache_dtype: no row to fit; found: bf16",
                "moe_perf.csv: no column num_tokens, hidden_size, inter_size, topk, num_experts, moe_tp_size, moe_ep_size, distribution, latency",
            ],
            Problems(tables).Select(problem => $"{Path.GetFileName(problem.Field)}: {problem.Value}"));
    }

    [Fact]
    public void Tables_of_no_family_that_is_fitted_are_refused()
    {
        using MadeTables tables = new MadeTables().WithLayers(model: "qwen3-30b-a3b");
        Assert.Equal("no kernel family that is fitted", Problem(tables).Value);
        using MadeTables heads = new MadeTables().With("a_perf.csv", "version\n1\n").With("b_perf.csv", "framework\nVLLM\n");
        Assert.Equal(["no column framework", "no column version"], Problems(heads).Select(problem => problem.Value));
    }

    [Fact]
    public void Few_rows_missing_columns_and_no_tables_are_refused()
    {
        using var few = new MadeTables();
        few.With("gemm_perf.csv", "framework,version,gemm_dtype,m,n,k,latency\nVLLM,0.24.0,bfloat16,1,8192,8192,0.06\n");
        Assert.Equal(("GEMM in Bf16", "1 usable rows of 1, 0 faster than h100-80gb-sxm can be"), (Problem(few).Field, Problem(few).Value));
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

    private static ConfigProblem Problem(MadeTables tables) => Assert.Single(Problems(tables));

    private static ConfigProblem[] Problems(MadeTables tables) => [.. Assert.Throws<ConfigException>(() => Fit(tables)).Problems];
}
