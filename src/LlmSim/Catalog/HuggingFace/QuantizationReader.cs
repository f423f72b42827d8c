using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Reads how a checkpoint is quantised.</summary>
internal static class QuantizationReader
{
    private const string Part = "this quantisation";

    /// <summary>Number formats of a checkpoint.</summary>
    /// <param name="fields">The config.</param>
    /// <param name="side">The content of <c>hf_quant_config.json</c> beside it; null when there is none.</param>
    public static WeightFormats Read(ConfigFields fields, JsonElement? side)
    {
        var plain = fields.Text("torch_dtype", "dtype") switch
        {
            "float16" or "half" => DataType.Fp16,
            _ => DataType.Bf16, // Also float32: engines load it in 16 bits unless told otherwise.
        };
        var formats = new WeightFormats(plain, null, null);
        if (fields.Find("quantization_config") is { ValueKind: JsonValueKind.Object } own)
        {
            formats = Apply(fields, "quantization_config", own, formats);
        }
        else if (side?.Part("quantization") is { ValueKind: JsonValueKind.Object } quantization)
        {
            formats = Apply(fields, "hf_quant_config.json: quantization", quantization, formats);
        }

        return formats;
    }

    private static WeightFormats Apply(
        ConfigFields fields, string name, JsonElement config, WeightFormats formats)
    {
        if (WeightType(fields, name, config) is not { } type)
        {
            return formats;
        }

        bool cache8 = config.TextOf("kv_cache_quant_algo") == "FP8" || config.TextOf("kv_cache_scheme") == "FP8"
            || config.Part("kv_cache_scheme").NumberOf("num_bits") == 8;
        DataType? cache = cache8 ? DataType.Fp8 : null;
        if (!LeavesAttention(config, fields.Int("num_hidden_layers") ?? int.MaxValue))
        {
            return new WeightFormats(type, null, cache);
        }

        bool hasExperts = fields.Has("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts");
        if (!hasExperts)
        {
            UnsupportedParts.Refuse(fields, name, "self_attn left out", "attention in 16 bits beside a quantised MLP");
        }

        return formats with { Experts = type, Cache = cache };
    }

    private static DataType? WeightType(ConfigFields fields, string name, JsonElement config)
    {
        string method = (config.TextOf("quant_method") ?? "").ToLowerInvariant();
        string algorithm = (config.TextOf("quant_algo") ?? "").ToUpperInvariant();
        string format = (config.TextOf("format") ?? "").ToLowerInvariant();
        double bits = config.NumberOf("bits") ?? Weights(config).NumberOf("num_bits") ?? 0;
        DataType? type = (method, algorithm, format, bits) switch
        {
            (_, "FP8", _, _) => DataType.Fp8,
            (_, "W4A16_AWQ", _, _) => DataType.Int4,
            (_, not "", _, _) => null,
            ("fp8" or "fbgemm_fp8", _, _, _) => DataType.Fp8,
            ("mxfp4", _, _, _) => DataType.Mxfp4,
            ("gptq" or "awq" or "gptq_marlin" or "awq_marlin" or "auto-round", _, _, 4) => DataType.Int4,
            ("compressed-tensors", _, "float-quantized", 8) => DataType.Fp8,
            ("compressed-tensors", _, "int-quantized", 8) => DataType.Int8,
            ("compressed-tensors", _, "pack-quantized", 4) => DataType.Int4,
            ("compressed-tensors", _, "mxfp4-pack-quantized", _) => DataType.Mxfp4,
            _ => null,
        };
        if (type is null)
        {
            string value = algorithm.Length > 0 ? algorithm : format.Length > 0 ? format : method;
            string all = bits > 0 ? $"{value}, {bits} bits" : value;
            UnsupportedParts.Refuse(fields, name, all, algorithm.Length > 0 ? $"{algorithm} quantisation" : Part);
        }

        return type;
    }

    /// <summary>Whether attention is among what is not quantised: by a pattern, or layer by layer.</summary>
    private static bool LeavesAttention(JsonElement config, int layers)
    {
        string[] names = ["ignore", "modules_to_not_convert", "exclude_modules", "ignored_layers"];
        var modules = names
            .Select(name => config.Part(name))
            .Where(list => list.ValueKind == JsonValueKind.Array)
            .SelectMany(list => list.EnumerateArray().Select(item => $"{item}"))
            .Where(module => module.Contains("self_attn", StringComparison.Ordinal)
                && !module.Contains("vision", StringComparison.Ordinal))
            .ToList();
        return modules.Any(module => module.StartsWith("re:", StringComparison.Ordinal)
            || module.Contains(".*.", StringComparison.Ordinal) || module.StartsWith('*')) || modules.Count >= layers;
    }

    private static JsonElement Weights(JsonElement config) =>
        config.Part("config_groups") is { ValueKind: JsonValueKind.Object } groups
            ? groups.EnumerateObject().Select(entry => entry.Value.Part("weights")).FirstOrDefault()
            : default;
}
