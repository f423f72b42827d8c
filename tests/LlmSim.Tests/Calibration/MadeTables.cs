using System.Globalization;
using System.Text;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Tests.Calibration;

/// <summary>A folder of tables whose times come from known coefficients, with a few per cent of noise and some bad rows.</summary>
internal sealed class MadeTables : IDisposable
{
    public static readonly GpuSpec Gpu = GpuCatalog.Get("h100");

    public static readonly GpuRates Rates = new(Gpu.Fp16FlopsPerSecond, Gpu.MemoryBytesPerSecond, 132);

    /// <summary>What is to be found again: the forms of the H100's own profile, without what it says of single layers.</summary>
    private static readonly KernelProfile Known = KernelProfiles.For(Gpu);

    public static readonly GemmCoefficients Gemm = Known.GemmFor(DataType.Bf16)!;

    public static readonly DecodeCoefficients Decode = Known.DecodeFor(grouped: true)! with { Left = null };

    public static readonly PrefillCoefficients Prefill = Known.Prefill!;

    public static readonly ExpertCoefficients Experts = Known.ExpertsFor(DataType.Bf16, DataType.Bf16)! with { Untuned = [], Layers = [] };

    public static readonly AllReduceCurve AllReduce = new()
    {
        Ranks = 2,
        Bytes = [.. Enumerable.Range(0, 20).Select(i => 256.0 * (1 << i))],
        Seconds = [.. Enumerable.Range(0, 20).Select(i => 5e-6 + 256.0 * (1 << i) / 330e9)],
    };

    public static readonly PassCoefficients Pass = new() { LaunchSeconds = 2.4e-6, Memory = 0.8 };

    public static readonly SamplerCoefficients Sampler = new() { StepSeconds = 25e-6, Memory = 0.5 };

    private const string AttentionHead = "framework,version,batch_size,isl,num_heads,num_key_value_heads,head_dim,kv_cache_dtype,step,latency\n";

    private static readonly (int Heads, int KvHeads)[] Layouts = [(32, 8), (64, 8), (16, 2), (8, 1), (12, 4), (40, 8), (4, 1), (16, 4), (24, 3)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmsim-tables-");

    public string Path => _folder.FullName;

    /// <summary>Products of 10 × 10 shapes at 15 numbers of rows, every 40th ten times too slow, and some faster than can be.</summary>
    /// <param name="unit">Unit of the times, in seconds.</param>
    /// <param name="impossibleEvery">Each how manyth row is a hundred times too fast; 0 for none.</param>
    public MadeTables WithGemm(double unit = 1e-3, int impossibleEvery = 0)
    {
        var text = new StringBuilder("framework,version,device,op_name,kernel_source,gemm_dtype,m,n,k,latency\n");
        int[] sides = [512, 1024, 1536, 2048, 4096, 5120, 8192, 12288, 16384, 28672];
        int row = 0;
        foreach (int n in sides)
        {
            foreach (int k in sides)
            {
                for (int m = 1; m <= 65536 / 4; m *= 2)
                {
                    double bytes = 2.0 * n * k + 2.0 * m * (n + k);
                    double seconds = Gemm.Seconds(Rates, m, k, n, bytes) * Factor(++row);
                    text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,H100,gemm,cublas,bfloat16,{m},{n},{k},{seconds / unit}\n");
                }
            }
        }

        return With("gemm_perf.csv", text.ToString());

        double Factor(int row) => impossibleEvery > 0 && row % impossibleEvery == 0 ? 0.01 : row % 40 == 0 ? 10 : Noise(row);
    }

    /// <summary>Decode attention of nine layouts of heads.</summary>
    public MadeTables WithDecode(double unit = 1e-3)
    {
        var text = new StringBuilder(AttentionHead);
        int row = 0;
        foreach ((int heads, int kvHeads) in Layouts)
        {
            for (int sequences = 1; sequences <= 512; sequences *= 2)
            {
                for (int context = 15; context < 20_000; context = 2 * context + 1)
                {
                    double bytes = 4.0 * 128 * kvHeads * sequences * (context + 1);
                    double seconds = Decode.Seconds(Rates, sequences, (double)sequences * (context + 1), heads, kvHeads, bytes) * Noise(++row);
                    text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,{sequences},1,{heads},{kvHeads},128,bfloat16,{context},{seconds / unit}\n");
                }
            }
        }

        return With("generation_attention_perf.csv", text.ToString());
    }

    /// <summary>Prefill attention of nine layouts of heads, of 64 and 128 elements, every 40th row three times too slow.</summary>
    public MadeTables WithPrefill(double unit = 1e-3)
    {
        var text = new StringBuilder(AttentionHead);
        int row = 0;
        foreach ((int heads, int kvHeads) in Layouts)
        {
            for (int tokens = 128; tokens <= 16_384; tokens *= 2)
            {
                foreach ((int sequences, int size) in new[] { (1, 128), (4, 128), (1, 64) })
                {
                    double seconds = Prefill.Seconds(Rates, sequences, tokens, 0, heads, kvHeads, size) * (++row % 40 == 0 ? 3 : Noise(row));
                    text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,{sequences},{tokens},{heads},{kvHeads},{size},bfloat16,0,{seconds / unit}\n");
                }
            }
        }

        return With("context_attention_perf.csv", text.ToString());
    }

    /// <summary>Experts of nine layers, equally loaded, every 40th row three times too slow.</summary>
    public MadeTables WithExperts(double unit = 1e-3)
    {
        var text = new StringBuilder(
            "framework,version,moe_dtype,num_tokens,hidden_size,inter_size,topk,num_experts,moe_tp_size,moe_ep_size,distribution,latency\n");
        int row = 0;
        foreach ((int experts, int width, int hidden, int perToken) in new[]
        {
            (8, 14336, 4096, 2), (8, 16384, 6144, 2), (64, 1408, 2048, 6), (128, 768, 2048, 8), (128, 1536, 4096, 8), (256, 2048, 7168, 8),
            (16, 8192, 5120, 1), (32, 2880, 2880, 4), (60, 2560, 3584, 4),
        })
        {
            for (int tokens = 1; tokens <= 8192; tokens *= 2)
            {
                double distinct = Math.Min(experts, (double)tokens * perToken);
                double activations = 2.0 * tokens * perToken * (3.0 * hidden + 6.0 * width);
                double seconds = Experts.Seconds(Rates, (double)tokens * perToken, distinct, 3.0 * hidden * width, 2, activations, tuned: true)
                    * (++row % 40 == 0 ? 3 : Noise(row));
                text.Append(CultureInfo.InvariantCulture,
                    $"VLLM,0.24.0,bfloat16,{tokens},{hidden},{2 * width},{perToken},{experts},2,1,balanced,{seconds / unit}\n");
            }
        }

        return With("moe_perf.csv", text.ToString());
    }

    /// <summary>All-reduces of two GPUs.</summary>
    public MadeTables WithAllReduce(double unit = 1e-3)
    {
        var text = new StringBuilder("framework,version,num_gpus,message_size,allreduce_dtype,backend,latency\n");
        foreach ((double bytes, double seconds) in AllReduce.Bytes.Zip(AllReduce.Seconds))
        {
            text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,2,{bytes / 2},bfloat16,vllm_graph,{seconds / unit}\n");
        }

        return With("custom_allreduce_perf.csv", text.ToString());
    }

    /// <summary>Layer timings of Llama-3.1-8B on one GPU.</summary>
    public MadeTables WithLayers(double unit = 1e-6, string model = "llama-3.1-8b")
    {
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, model, "tp1")).FullName;
        int row = 0;
        var dense = new StringBuilder("layer,tokens,time_us\n");
        for (int tokens = 1; tokens <= 2048; tokens = tokens < 16 ? tokens + 1 : tokens * 5 / 4)
        {
            foreach ((string layer, int outer, int inner) in new[]
            {
                ("qkv_proj", 6144, 4096), ("o_proj", 4096, 4096), ("gate_up_proj", 28672, 4096), ("down_proj", 4096, 14336),
            })
            {
                Append(dense, layer, tokens, Gemm.Seconds(Rates, tokens, inner, outer, 2.0 * inner * outer + 2.0 * tokens * (inner + outer)));
            }

            Append(dense, "layernorm", tokens, Pass.Seconds(Rates, 8.0 * 4096 * tokens));
            Append(dense, "act_fn", tokens, Pass.Seconds(Rates, 6.0 * 14336 * tokens));
        }

        var sampler = new StringBuilder("layer,sequences,time_us\n");
        var attention = new StringBuilder("prefill_chunk,kv_prefill,n_decode,kv_decode,time_us\n");
        for (int sequences = 1; sequences <= 40; sequences++)
        {
            Append(sampler, "sampler", sequences, Sampler.Seconds(Rates, 2.0 * 128256 * sequences));
            for (int keys = 16; keys <= 8192; keys *= 4)
            {
                double bytes = 4.0 * 128 * 8 * sequences * keys;
                attention.Append(CultureInfo.InvariantCulture, $"0,0,{sequences},{keys},{Noise(++row) * Decode.Seconds(Rates, sequences, (double)sequences * keys, 32, 8, bytes) / unit}\n");
                attention.Append(CultureInfo.InvariantCulture, $"{128 * sequences},{keys},0,0,{Noise(++row) * Prefill.Seconds(Rates, 1, 128 * sequences, keys, 32, 8, 128) / unit}\n");
            }
        }

        File.WriteAllText(System.IO.Path.Combine(folder, "dense.csv"), dense.ToString());
        File.WriteAllText(System.IO.Path.Combine(folder, "per_sequence.csv"), sampler.ToString());
        File.WriteAllText(System.IO.Path.Combine(folder, "attention.csv"), attention.ToString());
        return this;

        void Append(StringBuilder text, string layer, int count, double seconds) =>
            text.Append(CultureInfo.InvariantCulture, $"{layer},{count},{Noise(++row) * seconds / unit}\n");
    }

    public MadeTables With(string name, string text)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, name), text);
        return this;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Between -2% and +2%, the same at every call.
    private static double Noise(int row) => 1 + 0.02 * ((row * 2654435761L % 2001 - 1000) / 1000.0);
}
