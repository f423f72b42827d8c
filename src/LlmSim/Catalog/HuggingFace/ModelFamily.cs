namespace LlmSim.Catalog.HuggingFace;

/// <summary>What a model family's code does that its configs do not say.</summary>
/// <param name="Gated">Whether the MLP has a gate.</param>
/// <param name="QkNorm">Whether queries and keys are normalised.</param>
/// <param name="Sandwich">Whether blocks are normalised behind as well as before.</param>
/// <param name="Tied">Whether the LM head is the embedding unless the config says otherwise.</param>
internal sealed record ModelFamily(bool Gated = true, bool QkNorm = false, bool Sandwich = false, bool Tied = false)
{
    private static readonly ModelFamily Llama = new();
    private static readonly ModelFamily WithQkNorm = new(QkNorm: true);
    private static readonly ModelFamily Plain = new(Gated: false);
    private static readonly ModelFamily TiedPlain = new(Gated: false, Tied: true);

    private static readonly Dictionary<string, ModelFamily> Known = new(StringComparer.Ordinal)
    {
        ["apertus"] = new(Gated: false, QkNorm: true),
        ["arcee"] = Plain,
        ["baichuan"] = Llama,
        ["bailing_moe"] = Llama,
        ["bloom"] = TiedPlain,
        ["deepseek"] = Llama,
        ["deepseek_v2"] = Llama,
        ["deepseek_v3"] = Llama,
        ["dots1"] = WithQkNorm,
        ["ernie4_5"] = Llama,
        ["ernie4_5_moe"] = Llama,
        ["exaone"] = Llama,
        ["exaone4"] = WithQkNorm,
        ["gemma"] = new(Tied: true),
        ["gemma2"] = new(Sandwich: true, Tied: true),
        ["gemma3"] = new(QkNorm: true, Sandwich: true, Tied: true),
        ["glm"] = Llama,
        ["glm4"] = new(Sandwich: true),
        ["glm4_moe"] = Llama,
        ["gpt2"] = TiedPlain,
        ["gpt_bigcode"] = TiedPlain,
        ["gpt_oss"] = Llama,
        ["granite"] = Llama,
        ["granitemoe"] = Llama,
        ["hunyuan_v1_dense"] = Llama,
        ["internlm2"] = Llama,
        ["internlm3"] = Llama,
        ["kimi_k2"] = Llama,
        ["llama"] = Llama,
        ["llama4"] = Llama,
        ["mimo"] = Llama,
        ["mimo_v2_flash"] = Llama,
        ["minicpm"] = Llama,
        ["minimax_m2"] = Llama,
        ["minimax_m3"] = Llama,
        ["mistral"] = Llama,
        ["mistral3"] = Llama,
        ["mixtral"] = Llama,
        ["mllama"] = Llama,
        ["nemotron"] = Plain,
        ["nemotron-nas"] = Llama,
        ["olmo"] = Llama,
        ["olmo2"] = WithQkNorm,
        ["olmo3"] = WithQkNorm,
        ["olmoe"] = WithQkNorm,
        ["opt"] = TiedPlain,
        ["phi3"] = Llama,
        ["phimoe"] = Llama,
        ["qwen2"] = Llama,
        ["qwen2_5_vl"] = Llama,
        ["qwen2_moe"] = Llama,
        ["qwen2_vl"] = Llama,
        ["qwen3"] = WithQkNorm,
        ["qwen3_moe"] = WithQkNorm,
        ["qwen3_vl"] = WithQkNorm,
        ["qwen3_vl_moe"] = WithQkNorm,
        ["seed_oss"] = Llama,
        ["smollm3"] = Llama,
        ["solar"] = Llama,
        ["stablelm"] = Llama,
        ["starcoder2"] = TiedPlain,
        ["step3p7"] = WithQkNorm,
    };

    /// <summary>The names of all families, as model_type has them.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The family of a model_type; null when it is not known. The language part of a family goes with it.</summary>
    public static ModelFamily? Of(string modelType) => Known.GetValueOrDefault(Key(modelType));

    /// <summary>The model_type without the ending of a language part.</summary>
    public static string Key(string modelType) =>
        modelType.EndsWith("_text", StringComparison.Ordinal) ? modelType[..^"_text".Length] : modelType;
}
