using LlmSim.Specs;

namespace LlmSim.Calibration.Tables;

/// <summary>Reads tables of single operators as aiconfigurator lays them out; latencies are milliseconds.</summary>
internal static class OperatorTables
{
    private const double Milli = 1e-3;
    private const string Latency = "latency";

    /// <summary>Matrix products; number formats that are not known are left out.</summary>
    public static List<GemmRow> Gemm(string path)
    {
        var table = MeasuredTable.Read(path, "gemm_dtype", "m", "n", "k", Latency);
        var rows = new List<GemmRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            if (GemmType(table.Text(i, "gemm_dtype")) is { } type)
            {
                rows.Add(new GemmRow(type, table.Whole(i, "m"), table.Whole(i, "n"), table.Whole(i, "k"), table.Number(i, Latency) * Milli));
            }
        }

        table.Verify(rows.Count, ("gemm_dtype", "bfloat16, float16 or fp8"));
        return rows;
    }

    /// <summary>Prefill or decode attention with 16-bit caches and without windows.</summary>
    public static List<AttentionRow> Attention(string path)
    {
        var table = MeasuredTable.Read(
            path, "batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim", "kv_cache_dtype", "step", Latency);
        bool hasWindows = table.Has("window_size");
        var rows = new List<AttentionRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Text(i, "kv_cache_dtype") is not ("bfloat16" or "float16") || (hasWindows && table.Whole(i, "window_size", least: 0) > 0))
            {
                continue;
            }

            int heads = table.Whole(i, "num_heads");
            int kvHeads = table.Whole(i, "num_key_value_heads", least: 0);
            rows.Add(new AttentionRow(
                table.Whole(i, "batch_size"), table.Whole(i, "isl"), table.Whole(i, "step", least: 0), heads, kvHeads == 0 ? heads : kvHeads,
                table.Whole(i, "head_dim"), table.Number(i, Latency) * Milli, IsCold: false));
        }

        table.Verify(rows.Count, ("kv_cache_dtype", "bfloat16 or float16, without window_size"));
        return rows;
    }

    /// <summary>Experts that lie whole or sliced on a GPU; number formats that are not known are left out.</summary>
    public static List<ExpertRow> Experts(string path)
    {
        var table = MeasuredTable.Read(path, "moe_dtype", "num_tokens", "hidden_size", "inter_size", "topk", "num_experts",
            "moe_tp_size", "moe_ep_size", "distribution", Latency);
        var rows = new List<ExpertRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            if (ExpertType(table.Text(i, "moe_dtype")) is { } type && table.Whole(i, "moe_ep_size") == 1)
            {
                rows.Add(new ExpertRow(type, table.Whole(i, "num_tokens"), table.Whole(i, "hidden_size"),
                    table.Whole(i, "inter_size") / table.Whole(i, "moe_tp_size"), table.Whole(i, "topk"), table.Whole(i, "num_experts"),
                    table.Text(i, "distribution") == "balanced", table.Number(i, Latency) * Milli));
            }
        }

        table.Verify(rows.Count, ("moe_dtype", "bfloat16, float16, fp8_block, int4_wo or w4a16_mxfp4"), ("moe_ep_size", "1"));
        return rows;
    }

    /// <summary>All-reduces of the engine's own kernels inside CUDA graphs; sizes are elements of 16 bits.</summary>
    public static List<AllReduceRow> AllReduce(string path)
    {
        var table = MeasuredTable.Read(path, "num_gpus", "message_size", "allreduce_dtype", "backend", Latency);
        var rows = new List<AllReduceRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Text(i, "backend").EndsWith("graph", StringComparison.Ordinal) && table.Text(i, "allreduce_dtype") is "bfloat16" or "float16" or "half")
            {
                rows.Add(new AllReduceRow(
                    table.Whole(i, "num_gpus"), 2.0 * table.Whole(i, "message_size"), table.Number(i, Latency) * Milli));
            }
        }

        table.Verify(rows.Count, ("backend", "names that end in graph"), ("allreduce_dtype", "bfloat16, float16 or half"));
        return rows;
    }

    // One scale for a whole tensor, as most FP8 checkpoints have it.
    private static DataType? GemmType(string name) => name switch
    {
        "bfloat16" or "float16" => DataType.Bf16,
        "fp8" => DataType.Fp8,
        _ => null,
    };

    // FP8 with a scale a block: per-tensor scales take another, far slower kernel in vLLM 0.24, which few models use.
    private static DataType? ExpertType(string name) => name switch
    {
        "bfloat16" or "float16" => DataType.Bf16,
        "fp8_block" => DataType.Fp8,
        "int4_wo" => DataType.Int4,
        "w4a16_mxfp4" => DataType.Mxfp4,
        _ => null,
    };
}
