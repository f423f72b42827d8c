namespace LlmSim.Catalog.HuggingFace;

/// <summary>Reads which layers attend to a window only.</summary>
internal static class WindowReader
{
    /// <summary>For each layer its window, null for none.</summary>
    public static int?[] Read(ConfigFields fields, string family, int layers, int maxLength)
    {
        int? window = family == "llama4" ? fields.Int("attention_chunk_size") : fields.Int("sliding_window");
        if (window is null or < 1 || window >= maxLength || fields.Flag("use_sliding_window") == false)
        {
            return new int?[layers];
        }

        var isLocal = Pattern(fields, family, layers);
        return [.. Enumerable.Range(0, layers).Select(layer => isLocal(layer) ? window : null)];
    }

    // Where the config does not list the layers, what the family's code does.
    private static Func<int, bool> Pattern(ConfigFields fields, string family, int layers)
    {
        if (fields.PerLayer("layer_types", layers) is { } types)
        {
            return layer => $"{types[layer]}" is "sliding_attention" or "chunked_attention";
        }

        if (fields.PerLayer("hybrid_layer_pattern", layers) is { } pattern)
        {
            return layer => $"{pattern[layer]}" == "1";
        }

        switch (family)
        {
            case "gemma2" or "gpt_oss":
                return layer => layer % 2 == 0;
            case "gemma3":
                int period = Math.Max(1, fields.Int("sliding_window_pattern") ?? 6);
                return layer => (layer + 1) % period != 0;
            case "llama4":
                // Layers without rotary embedding see all tokens: each fourth.
                return layer => (layer + 1) % 4 != 0;
            case "qwen2" or "qwen2_moe" or "qwen3" or "qwen3_moe":
                int first = fields.Int("max_window_layers") ?? 28;
                return layer => layer >= first;
            default:
                return _ => true;
        }
    }
}
