using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>Turns the fields of a <c>config.json</c> into a model.</summary>
internal static class ModelReader
{
    private const int MostLayers = 10_000;

    /// <summary>The model; of no use if anything was added to the fields' problems.</summary>
    public static ModelSpec Read(ConfigFields fields, JsonElement? quantization, string name)
    {
        string type = fields.Text("model_type") ?? "";
        string key = ModelFamily.Key(type);
        UnsupportedParts.Check(fields, key);
        var family = ModelFamily.Of(type);
        if (family is null && fields.Problems.Count == 0)
        {
            fields.Problem("model_type", type.Length > 0 ? type : "nothing",
                $"a known family: {string.Join(", ", ModelFamily.Names)}",
                "If it is built as one of these, write that name into a copy of the file.");
        }

        var formats = QuantizationReader.Read(fields, quantization);
        if (family is null || fields.Problems.Count > 0)
        {
            return Nothing; // Which fields such a model needs is not known: more complaints would only distract.
        }

        var model = Simple(fields, family, key, formats, name);
        return key == "nemotron-nas"
            ? LayerKind.Apply(model, BlockConfigReader.Read(fields, model))
            : LayerKind.Apply(model, Kinds(fields, key, model, formats));
    }

    private static ModelSpec Nothing => new()
    {
        Name = "",
        HiddenSize = 1,
        Layers = 1,
        AttentionHeads = 1,
        KvHeads = 1,
        HeadSize = 1,
        FfnWidth = 1,
        VocabularySize = 1,
        MaxSequenceLength = 2,
    };

    private static ModelSpec Simple(
        ConfigFields fields, ModelFamily family, string key, WeightFormats formats, string name)
    {
        int hidden = fields.Required("hidden_size", "n_embd", "d_model");
        bool gemma3 = key == "gemma3"; // Its published configs leave out what is the default in its code.
        int heads = gemma3 ? fields.Int("num_attention_heads") ?? 8
            : fields.Required("num_attention_heads", "n_head", "num_heads", "n_heads");
        var latent = LatentReader.Read(fields);
        int? given = latent?.HeadSize ?? fields.Int("head_dim", "attention_head_dim", "kv_channels") ?? (gemma3 ? 256 : null);
        if (given is null && hidden % heads != 0)
        {
            fields.Problem("num_attention_heads", $"{heads}", $"a divisor of hidden_size, {hidden}, or head_dim given too");
        }

        int kvHeads = fields.Flag("multi_query") == true ? 1
            : fields.Int("num_key_value_heads", "num_kv_heads", "n_head_kv", "num_query_groups") ?? (gemma3 ? 4 : heads);
        if (kvHeads < 1 || heads % kvHeads != 0)
        {
            fields.Problem("num_key_value_heads", $"{kvHeads}", $"a divisor of the {heads} attention heads");
        }

        bool ownWidth = key == "nemotron-nas";
        string[] width = key == "llama4"
            ? ["intermediate_size_mlp", "intermediate_size"]
            : ["dense_intermediate_size", "intermediate_size", "ffn_dim", "n_inner", "moe_intermediate_size"];
        int ffn = fields.Int(width) ?? (ownWidth || key is "gpt2" or "gpt_bigcode" or "bloom"
            ? 4 * hidden
            : fields.Required("intermediate_size"));
        return new ModelSpec
        {
            Name = name,
            HiddenSize = hidden,
            Layers = Layers(fields),
            AttentionHeads = heads,
            KvHeads = Math.Max(1, kvHeads),
            HeadSize = given ?? Math.Max(1, hidden / heads),
            ValueHeadSize = latent is null ? fields.Int("v_head_dim") : fields.Required("v_head_dim"),
            Latent = latent?.Spec,
            FfnWidth = Math.Max(1, ffn),
            VocabularySize = gemma3 ? fields.Int("vocab_size") ?? 262208 : fields.Required("vocab_size"),
            MaxSequenceLength = MaxLength(fields, gemma3),
            GatedMlp = family.Gated,
            QkNorm = fields.Flag("use_qk_norm", "qk_layernorm") ?? family.QkNorm,
            SandwichNorms = family.Sandwich,
            TiedEmbeddings = fields.Flag("tie_word_embeddings") ?? family.Tied,
            WeightType = formats.Weights,
            KvType = formats.Cache,
            Source = "config.json",
        };
    }

    private static int Layers(ConfigFields fields)
    {
        int layers = fields.Required("num_hidden_layers", "n_layer", "num_layers", "n_layers");
        if (layers > MostLayers)
        {
            fields.Problem("num_hidden_layers", $"{layers}", $"at most {MostLayers}");
        }

        return Math.Min(layers, MostLayers);
    }

    private static int MaxLength(ConfigFields fields, bool gemma3)
    {
        string[] names = ["max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "max_sequence_length"];
        return Math.Max(2, gemma3 ? fields.Int(names) ?? 131072 : fields.Required(names));
    }

    private static List<LayerKind> Kinds(ConfigFields fields, string key, ModelSpec model, WeightFormats formats)
    {
        var windows = WindowReader.Read(fields, key, model.Layers, model.MaxSequenceLength);
        var experts = ExpertReader.Read(fields, key, model.Layers, formats.Experts);
        return [.. windows.Zip(experts, (window, mlp) => Kind(fields, model, window, mlp))];
    }

    // Windowed layers may have heads of their own (swa_...).
    private static LayerKind Kind(ConfigFields fields, ModelSpec model, int? window, ExpertsSpec? experts) =>
        window is null
            ? new LayerKind(window, experts)
            : new LayerKind(window, experts,
                Other(fields.Int("swa_num_attention_heads"), model.AttentionHeads),
                Other(fields.Int("swa_num_key_value_heads"), model.KvHeads),
                Other(fields.Int("swa_head_dim"), model.HeadSize),
                Other(fields.Int("swa_v_head_dim"), model.ValueHeadSize ?? model.HeadSize));

    private static int? Other(int? value, int usual) => value == usual ? null : value;
}
