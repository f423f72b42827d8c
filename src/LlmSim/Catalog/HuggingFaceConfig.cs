using System.Text.Json;
using System.Text.RegularExpressions;
using LlmSim.Catalog.HuggingFace;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>Imports models as they are published on Hugging Face: their <c>config.json</c>.</summary>
/// <remarks>What a model has that is not modelled is refused by name; <c>docs/models.md</c> lists it.</remarks>
public static partial class HuggingFaceConfig
{
    private const string FileName = "config.json";
    private const string QuantizationName = "hf_quant_config.json";
    private const string GenerationName = "generation_config.json";

    private static readonly JsonDocumentOptions Lenient =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file, or the folder that holds it. A <c>hf_quant_config.json</c> and a <c>generation_config.json</c> beside it are read too.</param>
    /// <exception cref="ConfigException">It cannot be read, contradicts itself, or has parts that are not modelled; lists
    /// everything found.</exception>
    public static ModelSpec Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "";
        string stem = Path.GetFileNameWithoutExtension(file);
        bool usual = Path.GetFileName(file) == FileName;
        string side = Path.Combine(folder, usual ? QuantizationName : $"{stem}_{QuantizationName}");
        string name = usual ? Path.GetFileName(folder) : stem.Replace("__", "/", StringComparison.Ordinal);
        string generation = Path.Combine(folder, usual ? GenerationName : $"{stem}_{GenerationName}");
        return Import(ReadText(file), File.Exists(side) ? ReadText(side) : null, file, name) with
        {
            Sampling = File.Exists(generation) ? SamplingOf(generation) : default,
            Source = $"config.json of {name}",
        };
    }

    /// <summary>Reads a model from the text of its config.</summary>
    /// <param name="json">The text of <c>config.json</c>.</param>
    /// <param name="name">What the model is to be called.</param>
    /// <param name="quantization">The text of <c>hf_quant_config.json</c>; null when there is none.</param>
    /// <exception cref="ConfigException">As for <see cref="Read"/>.</exception>
    public static ModelSpec Parse(string json, string name, string? quantization = null) =>
        Import(json, quantization, FileName, name);

    private static ModelSpec Import(string json, string? quantization, string place, string name)
    {
        using var config = Document(json, place);
        using var side = quantization is null ? null : Document(quantization, QuantizationName);
        if (config.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new ConfigException(new ConfigProblem(place, ConfigFields.Short(config.RootElement), "a JSON object",
                "Name the model's config.json."));
        }

        var fields = new ConfigFields(config.RootElement, place);
        var model = ModelReader.Read(fields, side?.RootElement, name);
        return fields.Problems.Count == 0 ? model
            : throw new ConfigException([.. fields.Problems.DistinctBy(problem => (problem.Field, problem.Allowed))]);
    }

    // As vLLM takes its defaults (ModelConfig.get_diff_sampling_param): values that leave every token in do nothing.
    private static Sampling SamplingOf(string path)
    {
        using var generation = Document(ReadText(path), path);
        JsonElement root = generation.RootElement;
        return root.NumberOf("temperature") == 0 ? Sampling.Greedy
            : root.NumberOf("top_p") is > 0 and < 1 ? Sampling.TopP
            : root.NumberOf("top_k") is > 0 ? Sampling.TopK
            : Sampling.Random;
    }

    private static JsonDocument Document(string json, string place)
    {
        try
        {
            return JsonDocument.Parse(NotANumber().Replace(json, "null"), Lenient);
        }
        catch (JsonException e)
        {
            string why = e.Message.Split(". LineNumber")[0].TrimEnd('.');
            throw new ConfigException(new ConfigProblem($"{place}:{(e.LineNumber ?? 0) + 1}", $"this text ({why})",
                "valid JSON", "Take the file as the model's repository has it."));
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "no such file" : e.Message.TrimEnd('.');
            throw new ConfigException(new ConfigProblem(file, why, "a model's config.json, or its folder", "Check the path."));
        }
    }

    // Python writes these though JSON has no such numbers.
    [GeneratedRegex(@"(?<=[:\[,]\s*)-?(Infinity|NaN)(?=\s*[,\]}])")]
    private static partial Regex NotANumber();
}
