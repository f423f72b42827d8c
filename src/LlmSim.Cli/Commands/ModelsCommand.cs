using System.CommandLine;
using LlmSim.Catalog;
using LlmSim.Cli.Output;
using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim models</c>: prints the models known by name, and which of them fit a GPU.</summary>
internal sealed class ModelsCommand : Command
{
    private readonly TextWriter _output;
    private readonly Option<string?> _gpu = new("--gpu")
    {
        HelpName = "NAME",
        Description = "Say which models fit this GPU, and on how many of a node.",
        Arity = ArgumentArity.ExactlyOne,
        CompletionSources = { _ => GpuCatalog.All.Select(gpu => gpu.Name) },
    };

    public ModelsCommand(TextWriter output) : base("models", "List the models known by name.")
    {
        _output = output;
        Add(_gpu);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_gpu) is { } gpu)
        {
            PrintFits(GpuCatalog.Get(gpu));
        }
        else
        {
            PrintAll();
        }

        return ExitCode.Success;
    }

    private void PrintAll()
    {
        var table = Screen.Table("model", ">params", ">active", ">layers", ">hidden", ">heads/KV", ">max len", ">GB", ">KV KiB/token");
        foreach (ModelSpec model in ModelCatalog.All)
        {
            table.Add(model.Name, Billions(model.ParameterCount()), Billions(model.ActiveParameterCount()), $"{model.Layers}",
                $"{model.HiddenSize}", $"{model.AttentionHeads}/{model.KvHeads}", $"{model.MaxSequenceLength}",
                $"{model.WeightBytesPerGpu() / 1e9:0.0}", $"{model.KvBytesPerToken() / 1024.0:0.#}");
        }

        Screen.Write(_output, table);
        Sources.Write(_output, ModelCatalog.All.Select(model => (model.Name, model.Source)));
    }

    private void PrintFits(GpuSpec gpu)
    {
        var table = Screen.Table("model", ">GB", $">fewest {gpu.Name}", ">KV tokens then");
        foreach (ModelFit fit in ModelFits.On(gpu))
        {
            table.Add(fit.Model.Name, $"{fit.Model.WeightBytesPerGpu() / 1e9:0.0}",
                fit.TensorParallel is { } ranks ? $"--tp {ranks}" : "more than a node", fit.TensorParallel is null ? "" : $"{fit.KvTokens}");
        }

        Screen.Write(_output, table);
        _output.WriteLine("With room for one sequence of 4096 tokens, at 0.9 of the memory, in the number formats that models are published in.");
    }

    private static string Billions(long parameters) => $"{parameters / 1e9:0.0}B";
}
