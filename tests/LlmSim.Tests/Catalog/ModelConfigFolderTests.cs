using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Catalog;

/// <summary>Imports a folder of published configs (LLMSIM_MODEL_CONFIGS) and prints what became of each.</summary>
public sealed class ModelConfigFolderTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_config_of_a_folder_is_imported_or_refused_by_name()
    {
        string? folder = Environment.GetEnvironmentVariable("LLMSIM_MODEL_CONFIGS");
        Assert.SkipWhen(folder is null, "LLMSIM_MODEL_CONFIGS names no folder of configs");
        int imported = 0;
        var files = Directory.GetFiles(folder!, "*.json", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("hf_quant_config.json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        foreach (string file in files)
        {
            try
            {
                var model = HuggingFaceConfig.Read(file);
                output.WriteLine(Row(model));
                Assert.DoesNotContain(ConfigValidator.Validate(DefaultScenario.Create() with { Model = model }),
                    problem => problem.Field.StartsWith("model", StringComparison.Ordinal));
                if (ModelCatalog.TryGet(model.Name, out var known))
                {
                    Assert.Equal(known with { Name = model.Name, Source = model.Source }, model);
                    output.WriteLine($"    as the catalogue's {known.Name}");
                }

                imported++;
            }
            catch (ConfigException e)
            {
                string name = Path.GetFileNameWithoutExtension(file);
                output.WriteLine($"{name,-56} REFUSED");
                foreach (var problem in e.Problems)
                {
                    output.WriteLine($"    {problem.Field[(problem.Field.IndexOf(": ", StringComparison.Ordinal) + 2)..]} "
                        + $"{problem.Value}: {problem.Allowed}");
                }

                Assert.All(e.Problems, problem => Assert.NotEmpty(problem.Fix));
            }
        }

        output.WriteLine($"{files.Count} configs: {imported} imported, {files.Count - imported} refused");
    }

    private static string Row(ModelSpec model)
    {
        var groups = model.LayerGroups.Select(group => $"{group.Name} x{group.Count}");
        return $"{model.Name,-56} {model.ParameterCount() / 1e9,8:0.00}B {model.ActiveParameterCount() / 1e9,7:0.00}B "
            + $"{model.KvBytesPerToken() / 1024.0,7:0.0} KiB {model.WeightType} {string.Join(", ", groups)}";
    }
}
