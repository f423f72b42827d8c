using System.Diagnostics.CodeAnalysis;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>
/// Known models. Names are matched without regard to case and punctuation; Hugging Face ids work too.
/// </summary>
public static class ModelCatalog
{
    private static readonly ModelSpec Llama27B = new()
    {
        Name = "llama-2-7b",
        HiddenSize = 4096,
        Layers = 32,
        AttentionHeads = 32,
        KvHeads = 32,
        HeadSize = 128,
        FfnWidth = 11008,
        VocabularySize = 32000,
        MaxSequenceLength = 4096,
        WeightType = DataType.Fp16,
        Source = "https://huggingface.co/meta-llama/Llama-2-7b-hf/blob/main/config.json",
    };

    private static readonly ModelSpec Llama213B = Llama27B with
    {
        Name = "llama-2-13b",
        HiddenSize = 5120,
        Layers = 40,
        AttentionHeads = 40,
        KvHeads = 40,
        FfnWidth = 13824,
        Source = "https://huggingface.co/meta-llama/Llama-2-13b-hf/blob/main/config.json",
    };

    private static readonly ModelSpec Llama270B = Llama27B with
    {
        Name = "llama-2-70b",
        HiddenSize = 8192,
        Layers = 80,
        AttentionHeads = 64,
        KvHeads = 8,
        FfnWidth = 28672,
        Source = "https://huggingface.co/meta-llama/Llama-2-70b-hf/blob/main/config.json",
    };

    private static readonly ModelSpec Llama318B = new()
    {
        Name = "llama-3.1-8b",
        HiddenSize = 4096,
        Layers = 32,
        AttentionHeads = 32,
        KvHeads = 8,
        HeadSize = 128,
        FfnWidth = 14336,
        VocabularySize = 128256,
        MaxSequenceLength = 131072,
        WeightType = DataType.Bf16,
        Source = "https://huggingface.co/meta-llama/Llama-3.1-8B/blob/main/config.json",
    };

    private static readonly ModelSpec Llama3170B = Llama318B with
    {
        Name = "llama-3.1-70b",
        HiddenSize = 8192,
        Layers = 80,
        AttentionHeads = 64,
        FfnWidth = 28672,
        Source = "https://huggingface.co/meta-llama/Llama-3.1-70B/blob/main/config.json",
    };

    private static readonly NamedCatalog<ModelSpec> Catalog = new("model",
        (Llama27B, Llama27B.Name, Llama2Ids("7b")),
        (Llama213B, Llama213B.Name, Llama2Ids("13b")),
        (Llama270B, Llama270B.Name, Llama2Ids("70b")),
        (Llama318B, Llama318B.Name, Llama31Ids("8B")),
        (Llama3170B, Llama3170B.Name, Llama31Ids("70B")));

    /// <summary>All models, in listing order.</summary>
    public static IReadOnlyList<ModelSpec> All => Catalog.All;

    /// <summary>Finds a model by name, alias or Hugging Face id.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ModelSpec? model) => Catalog.TryGet(name, out model);

    /// <summary>The model of this name, alias or Hugging Face id.</summary>
    /// <exception cref="ConfigException">There is none; the message offers near names.</exception>
    public static ModelSpec Get(string name) => Catalog.Get(name);

    /// <summary>Up to three names that an unknown one may have meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name) => Catalog.Near(name);

    private static string[] Llama2Ids(string size) =>
        [$"meta-llama/Llama-2-{size}-hf", $"meta-llama/Llama-2-{size}-chat-hf", $"llama-2-{size}-chat"];

    private static string[] Llama31Ids(string size) =>
    [
        $"meta-llama/Llama-3.1-{size}", $"meta-llama/Llama-3.1-{size}-Instruct", $"llama-3.1-{size}-instruct",
        $"meta-llama/Meta-Llama-3.1-{size}", $"meta-llama/Meta-Llama-3.1-{size}-Instruct",
    ];
}
