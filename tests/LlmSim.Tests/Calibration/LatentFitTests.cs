using System.Globalization;
using System.Text;
using LlmSim.Calibration;
using LlmSim.Calibration.Fitting;
using LlmSim.Calibration.Tables;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Tests.Calibration;

/// <summary>Latent attention found again in tables made of known coefficients, with a few per cent of noise.</summary>
public sealed class LatentFitTests
{
    private const string LayerHead = "framework,version,kernel_source,mla_dtype,kv_cache_dtype,gemm_type,num_heads,batch_size,isl,step,latency\n";
    private const string KernelHead = "framework,version,kernel_source,mla_dtype,kv_cache_dtype,num_heads,batch_size,isl,step,latency\n";

    private static readonly KernelProfile Known = KernelProfiles.For(MadeTables.Gpu);
    private static readonly LatentCoefficients Decode = Known.LatentDecode! with { Left = null, Heads = null };
    private static readonly PrefillCoefficients Prefill = Known.LatentPrefill! with { Compute = 0.6, Memory = 0.4 };
    private static readonly BatchedCoefficients Batched = Known.Batched!;

    // What ProfileFit has of the other families where there are no tables of them.
    private static readonly LatentLayer Layer = new(new CalibratedTimer(MadeTables.Gpu, MadeTables.Gpu.Interconnect, spansNodes: false,
        KernelEfficiencies.Default, Known with { Gemm = [], Pass = null }));

    [Fact]
    public void Whole_layers_tell_their_attention_and_what_they_take_besides()
    {
        using var tables = new MadeTables();
        tables.With("mla_bmm_perf.csv", BatchedTable()).With("mla_generation_module_perf.csv", LayerTable(DecodeSizes, DecodeSeconds))
            .With("mla_context_module_perf.csv", LayerTable(PrefillSizes, PrefillSeconds));
        KernelProfile profile = ProfileFit.Run(MadeTables.Gpu, new TableFiles([tables.Path], "vllm", null));
        Assert.Equal(["latent prefill attention", "latent decode attention", "batched products"], KernelFamilies.Of(profile).Select(family => family.Name));
        foreach ((int heads, int sequences, long keys) in new[] { (16, 64, 3000L), (128, 7, 20_000), (16, 500, 1500), (64, 3, 100_000) })
        {
            Near(Of(Decode, heads, sequences, keys), Of(profile.LatentDecode!, heads, sequences, keys), 0.06);
        }

        Near(Prefill.Seconds(MadeTables.Rates, 2, 6000, 0, 16, 16, 160), profile.LatentPrefill!.Seconds(MadeTables.Rates, 2, 6000, 0, 16, 16, 160), 0.06);
        Near(Batched.Seconds(MadeTables.Rates, 16, 300, 128, 512), profile.Batched!.Seconds(MadeTables.Rates, 16, 300, 128, 512), 0.04);
        Assert.All(KernelFamilies.Of(profile), family => Assert.InRange(family.Quality.HeldOutMedian, 0.002, 0.05));
        Assert.InRange(profile.LatentDecode!.Quality!.LayerError!.Value, 0.002, 0.05);
        string text = KernelProfileJson.Write(profile);
        Assert.Equal(text, KernelProfileJson.Write(KernelProfileJson.Read("profile", Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Kernels_alone_are_fitted_where_the_host_is_not_what_was_timed()
    {
        // Below 150 µs the host is the slower; and each 30th row waited for something else.
        var text = new StringBuilder(KernelHead);
        int row = 0;
        foreach ((int heads, int sequences, int _, long keys) in DecodeSizes())
        {
            double seconds = Math.Max(150e-6, Layer.Absorbed(heads, sequences) + Of(Decode, heads, sequences, keys) - Decode.LaunchSeconds) * Noise(++row);
            text.Append(CultureInfo.InvariantCulture, $"VLLM,0.14.0,flash,bfloat16,bfloat16,{heads},{sequences},1,{keys - 1},{(row % 30 == 0 ? 5 : 1) * seconds * 1e3}\n");
        }

        using MadeTables tables = new MadeTables().With("generation_mla_perf.csv", text.ToString()).With("mla_bmm_perf.csv", BatchedTable());
        LatentCoefficients found = ProfileFit.Run(MadeTables.Gpu, new TableFiles([tables.Path], "vllm", null)).LatentDecode!;
        Near(Of(Decode, 16, 200, 9000), Of(found, 16, 200, 9000), 0.08);
        Assert.InRange(found.Quality!.HeldOutMedian, 0.002, 0.05);
        Assert.Equal(KernelEfficiencies.Default.DecodeLaunchSeconds, found.LaunchSeconds);
    }

    [Fact]
    public void Layers_in_another_unit_are_refused()
    {
        using var tables = new MadeTables();
        tables.With("mla_generation_module_perf.csv", LayerTable(DecodeSizes, (heads, sequences, tokens, keys) => 1e-3 * DecodeSeconds(heads, sequences, tokens, keys)));
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(
            () => ProfileFit.Run(MadeTables.Gpu, new TableFiles([tables.Path], "vllm", null))).Problems);
        Assert.Equal("latent decode attention", problem.Field);
        Assert.Contains("faster than", problem.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_that_cannot_be_is_told_by_name()
    {
        KernelProfile wrong = Known with
        {
            LatentDecode = Decode with { Memory = 2, TileHeads = 0 },
            LatentPrefill = Prefill with { Compute = 0 },
            Batched = Batched with { CachedBytes = 0 },
        };
        Assert.Equal(["p: latent_prefill", "p: latent_decode", "p: latent_decode: tile_heads", "p: batched: cached_bytes"],
            ProfileFigures.Check("p", wrong).Select(problem => problem.Field));
    }

    private static double DecodeSeconds(int heads, int sequences, int tokens, long keys) =>
        Layer.Others(heads, sequences) + Layer.Absorbed(heads, sequences) + Of(Decode, heads, sequences, keys);

    private static double PrefillSeconds(int heads, int sequences, int tokens, long keys) =>
        Layer.Others(heads, (long)sequences * tokens) + Layer.Expansion(heads, sequences * tokens)
        + Prefill.Seconds(MadeTables.Rates, sequences, tokens, 0, heads, heads, LatentLayer.MeanHeadSize);

    private static double Of(LatentCoefficients decode, int heads, int sequences, long keys) => decode.Seconds(
        MadeTables.Rates, sequences, (double)sequences * keys, heads, LatentLayer.Context(heads).FlopsPerKey, 1152.0 * sequences * keys);

    private static IEnumerable<(int Heads, int Sequences, int Tokens, long Keys)> DecodeSizes() =>
        from heads in new[] { 8, 16, 64, 128 }
        from sequences in Enumerable.Range(0, 10).Select(doubling => 1 << doubling)
        from keys in Enumerable.Range(1, 17).Select(doubling => 1L << doubling)
        where sequences * keys < 1 << 24
        select (heads, sequences, 1, keys);

    private static IEnumerable<(int Heads, int Sequences, int Tokens, long Keys)> PrefillSizes() =>
        from heads in new[] { 8, 16, 64, 128 }
        from tokens in Enumerable.Range(7, 9).Select(doubling => 1 << doubling)
        from sequences in Enumerable.Range(0, 9).Select(doubling => 1 << doubling)
        where sequences * tokens <= 1 << 16
        select (heads, sequences, tokens, (long)tokens);

    private static string LayerTable(
        Func<IEnumerable<(int Heads, int Sequences, int Tokens, long Keys)>> sizes, Func<int, int, int, long, double> seconds)
    {
        var text = new StringBuilder(LayerHead);
        int row = 0;
        foreach ((int heads, int sequences, int tokens, long keys) in sizes())
        {
            text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,flash,bfloat16,bfloat16,bfloat16,{heads},{sequences},{tokens},{(tokens == 1 ? keys : 0)},"
                + $"{seconds(heads, sequences, tokens, keys) * Noise(++row) * 1e3}\n");
        }

        return text.ToString();
    }

    private static string BatchedTable()
    {
        var text = new StringBuilder("framework,version,op_name,bmm_dtype,num_tokens,num_heads,latency\n");
        int row = 0;
        foreach (int heads in new[] { 1, 2, 4, 8, 12, 16, 24, 32, 64, 128 })
        {
            for (int tokens = 1; tokens <= 8192; tokens *= 2)
            {
                text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,mla_gen_pre,bfloat16,{tokens},{heads},{Batched.Seconds(MadeTables.Rates, heads, tokens, 128, 512) * Noise(++row) * 1e3}\n");
                text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,mla_gen_post,bfloat16,{tokens},{heads},{Batched.Seconds(MadeTables.Rates, heads, tokens, 512, 128) * Noise(++row) * 1e3}\n");
            }
        }

        return text.ToString();
    }

    // Between -1% and +1%, the same at every call.
    private static double Noise(int row) => 1 + 0.01 * ((row * 2654435761L % 2001 - 1000) / 1000.0);

    private static void Near(double expected, double found, double share) => Assert.InRange(found / expected, 1 - share, 1 + share);
}
