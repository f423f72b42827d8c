using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using LlmSim.Catalog;
using LlmSim.Planning.Plans;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The flags that say among which deployments a plan chooses.</summary>
internal sealed class SpaceFlags
{
    private const int LargestCluster = 1024;
    private const string Published = "published";
    private const string EngineDefault = "default";

    private readonly Option<string[]> _gpus = List("--gpus", "GPU,...", "Kinds of GPU (llmsim gpus lists them).", [.. GpuCatalog.All.Select(gpu => gpu.Name)]);
    private readonly Option<string> _mostGpus = new("--max-gpus")
    {
        HelpName = "N",
        Description = "Most GPUs of a deployment. From 1 to 1024. Default 8.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string[]> _tensor = List("--tp", "N,...", "Tensor-parallel degrees. Default 1,2,4,8.");
    private readonly Option<string[]> _pipeline = List("--pp", "N,...", "Pipeline stages. Default 1,2,4.");
    private readonly Option<string[]> _seats = List("--max-num-seqs", "N,...", "Most sequences at once; default: as the engine has it. Default default,64.");
    private readonly Option<string[]> _tokens = List("--max-num-batched-tokens", "N,...", "Most tokens of a step, likewise. Default default,2048.");
    private readonly Option<string[]> _types = List("--weight-types", "TYPE,...", "Weights: published, fp8, int8. Default published,fp8, where the GPU computes in it.", Published, "fp8", "int8");

    /// <summary>Adds the flags to a command.</summary>
    public SpaceFlags(Command command)
    {
        foreach (Option option in new Option[] { _gpus, _mostGpus, _tensor, _pipeline, _seats, _tokens, _types })
        {
            command.Add(option);
        }
    }

    /// <summary>The space.</summary>
    /// <exception cref="ConfigException">Something is wrong; lists everything found.</exception>
    public PlanSpace Read(ParseResult parsed)
    {
        var problems = new ProblemBox();
        int most = 8;
        problems.Try(() => most = NumberFlag.ReadWhole(parsed, _mostGpus, 1, LargestCluster) ?? most);
        var space = new PlanSpace { Gpus = problems.Try(() => Gpus(parsed)) ?? [], MostGpus = most };
        problems.Try(() => space = space with { TensorParallel = Values(parsed, _tensor, Whole) ?? space.TensorParallel });
        problems.Try(() => space = space with { PipelineParallel = Values(parsed, _pipeline, Whole) ?? space.PipelineParallel });
        problems.Try(() => space = space with { MaxNumSeqs = Values(parsed, _seats, WholeOrDefault) ?? space.MaxNumSeqs });
        problems.Try(() => space = space with { MaxNumBatchedTokens = Values(parsed, _tokens, WholeOrDefault) ?? space.MaxNumBatchedTokens });
        problems.Try(() => space = space with { WeightTypes = Values(parsed, _types, WeightType) ?? space.WeightTypes });
        problems.ThrowIfAny();
        return space;
    }

    private List<GpuSpec> Gpus(ParseResult parsed)
    {
        if (Values(parsed, _gpus, Gpu) is { } gpus)
        {
            return [.. gpus.DistinctBy(gpu => gpu.Name)];
        }

        throw new ConfigException(new ConfigProblem(_gpus.Name, "nothing", "at least one kind of GPU", $"Write for example {_gpus.Name} h100-80gb-sxm,l40s."));
    }

    private GpuSpec Gpu(Option option, string word)
    {
        if (GpuCatalog.TryGet(word, out GpuSpec? gpu))
        {
            return gpu;
        }

        IReadOnlyList<string> near = GpuCatalog.Near(word);
        throw new ConfigException(new ConfigProblem(option.Name, word, "a GPU that llmsim gpus lists",
            near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Look it up there."));
    }

    private static int Whole(Option option, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 ? value
            : throw new ConfigException(new ConfigProblem(option.Name, word, "whole numbers from 1", $"Write them with commas between, such as {option.Name} 1,2."));

    private static int? WholeOrDefault(Option option, string word) => word == EngineDefault ? null : Whole(option, word);

    private static DataType? WeightType(Option option, string word) => word switch
    {
        Published => null,
        "fp8" => DataType.Fp8,
        "int8" => DataType.Int8,
        _ => throw new ConfigException(new ConfigProblem(option.Name, word, "published, fp8 or int8", $"Write for example {option.Name} published,fp8.")),
    };

    private static List<T>? Values<T>(ParseResult parsed, Option<string[]> option, Func<Option, string, T> read)
    {
        if (parsed.GetResult(option) is not { Implicit: false, Tokens.Count: > 0 } given)
        {
            return null;
        }

        var values = new List<T>();
        var problems = new ProblemBox();
        foreach (string word in given.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            problems.Try(() => values.Add(read(option, word)));
        }

        problems.ThrowIfAny();
        return values.Count > 0 ? values : null;
    }

    private static Option<string[]> List(string name, string value, string description, params string[] words)
    {
        var option = new Option<string[]>(name)
        {
            HelpName = value,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
        };
        option.CompletionSources.Add(_ => words.Select(word => new CompletionItem(word)));
        return option;
    }
}
