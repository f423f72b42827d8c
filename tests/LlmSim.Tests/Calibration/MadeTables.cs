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

    public static readonly GemmCoefficients Gemm = new()
    {
        Type = DataType.Bf16,
        LaunchSeconds = 3e-6,
        Memory = 0.8,
        Power = 2.5,
        WaveSeconds = 1.5e-6,
        WaveOverlap = 0.4,
        SplitSeconds = 3e-6,
        Throttle = 0.1,
        ThrottleSeconds = 1e-3,
        Compute = [0.6, 0.6, 0.7, 0.8, 0.6],
    };

    public static readonly DecodeCoefficients Decode = new()
    {
        Grouped = true,
        LaunchSeconds = 9e-6,
        BatchedSeconds = 2e-6,
        SplitSeconds = 3e-6,
        ItemSeconds = 30e-9,
        QueryShare = 0.02,
        Memory = 0.85,
        FewItems = 4,
        ItemTrafficSeconds = 0,
        FillingSeconds = 0,
        FillingBytes = 1e6,
        Power = 1.5,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmsim-tables-");

    public string Path => _folder.FullName;

    /// <summary>Products of 10 × 10 shapes at 17 numbers of rows, every 40th ten times too slow.</summary>
    public MadeTables WithGemm(double unit = 1e-3)
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
                    double seconds = Gemm.Seconds(Rates, m, k, n, bytes) * (++row % 40 == 0 ? 10 : Noise(row));
                    text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,H100,gemm,cublas,bfloat16,{m},{n},{k},{seconds / unit}\n");
                }
            }
        }

        return With("gemm_perf.csv", text.ToString());
    }

    /// <summary>Decode attention of nine layouts of heads.</summary>
    public MadeTables WithDecode()
    {
        var text = new StringBuilder("framework,version,batch_size,isl,num_heads,num_key_value_heads,head_dim,kv_cache_dtype,step,latency\n");
        int row = 0;
        foreach ((int heads, int kvHeads) in new[] { (32, 8), (64, 8), (16, 2), (8, 1), (12, 4), (40, 8), (4, 1), (16, 4), (24, 3) })
        {
            for (int sequences = 1; sequences <= 512; sequences *= 2)
            {
                for (int context = 15; context < 20_000; context = 2 * context + 1)
                {
                    double bytes = 4.0 * 128 * kvHeads * sequences * (context + 1);
                    double seconds = Decode.Seconds(Rates, sequences, (double)sequences * (context + 1), heads, kvHeads, bytes) * Noise(++row);
                    text.Append(CultureInfo.InvariantCulture, $"VLLM,0.24.0,{sequences},1,{heads},{kvHeads},128,bfloat16,{context},{seconds * 1e3}\n");
                }
            }
        }

        return With("generation_attention_perf.csv", text.ToString());
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
