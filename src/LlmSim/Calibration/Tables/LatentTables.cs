namespace LlmSim.Calibration.Tables;

/// <summary>Reads tables of latent attention as aiconfigurator lays them out; latencies are milliseconds. They are of DeepSeek-V3's widths.</summary>
internal static class LatentTables
{
    private const double Milli = 1e-3;
    private const string Latency = "latency";
    private const int Rank = 512;
    private const int HeadPart = 128;

    /// <summary>Attention with 16-bit caches: of whole layers, or of the kernels alone.</summary>
    /// <param name="path">The table.</param>
    /// <param name="isLayer">Whether products are in it.</param>
    public static List<LatentTime> Attention(string path, bool isLayer)
    {
        var table = MeasuredTable.Read(path, ["kernel_source", "mla_dtype", "kv_cache_dtype", "num_heads", "batch_size", "isl", "step", Latency,
            .. isLayer ? ["gemm_type"] : Array.Empty<string>()]);
        var rows = new List<LatentTime>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            string gemm = isLayer ? table.Text(i, "gemm_type") : "bfloat16";
            if (table.Text(i, "kv_cache_dtype") != "bfloat16" || table.Text(i, "mla_dtype") != "bfloat16" || gemm is not ("bfloat16" or "fp8_block"))
            {
                continue;
            }

            // Layers count a decoding sequence's new token in its step, kernels do not.
            int newTokens = table.Whole(i, "isl");
            long step = table.Whole(i, "step", least: 0);
            bool isDecode = isLayer && newTokens == 1 && step > 0;
            rows.Add(new LatentTime(table.Whole(i, "batch_size"), newTokens, isDecode ? step : step + newTokens, table.Whole(i, "num_heads"), gemm == "bfloat16",
                table.Text(i, "kernel_source"), table.Number(i, Latency) * Milli));
        }

        table.Verify(rows.Count, ("kv_cache_dtype", "bfloat16"));
        return rows;
    }

    /// <summary>Products that bring queries to the latents, and results back, in 16 bits.</summary>
    public static List<BatchedRow> Batched(string path)
    {
        var table = MeasuredTable.Read(path, "op_name", "bmm_dtype", "num_tokens", "num_heads", Latency);
        var rows = new List<BatchedRow>(table.Count);
        for (int i = 0; i < table.Count; i++)
        {
            if (table.Text(i, "bmm_dtype") == "bfloat16")
            {
                bool isBefore = table.Text(i, "op_name") == "mla_gen_pre";
                rows.Add(new BatchedRow(table.Whole(i, "num_heads"), table.Whole(i, "num_tokens"),
                    isBefore ? HeadPart : Rank, isBefore ? Rank : HeadPart, table.Number(i, Latency) * Milli));
            }
        }

        table.Verify(rows.Count, ("bmm_dtype", "bfloat16"));
        return rows;
    }
}
