using System.CommandLine;
using LlmSim.Catalog;
using LlmSim.Cli.Output;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim models</c>: prints the models known by name.</summary>
internal sealed class ModelsCommand : Command
{
    public ModelsCommand(TextWriter output) : base("models", "List the models known by name.") => SetAction(_ =>
    {
        var table = Screen.Table("model", ">params", ">layers", ">hidden", ">heads/KV", ">max len", ">GB", ">KV KiB/token");
        foreach (ModelSpec model in ModelCatalog.All)
        {
            table.Add(model.Name, $"{model.ParameterCount() / 1e9:0.0}B", $"{model.Layers}", $"{model.HiddenSize}",
                $"{model.AttentionHeads}/{model.KvHeads}", $"{model.MaxSequenceLength}",
                $"{model.WeightBytesPerGpu() / 1e9:0.0}", $"{model.KvBytesPerToken() / 1024.0:0.#}");
        }

        Screen.Write(output, table);
        Sources.Write(output, ModelCatalog.All.Select(model => (model.Name, model.Source)));
    });
}
