using LlmSim.Specs;

namespace LlmSim.Catalog.HuggingFace;

/// <summary>What one layer of a config is like. Layers of equal kinds form a group.</summary>
/// <param name="Window">Bound on its attention; null for none.</param>
/// <param name="Experts">Experts in place of its MLP; null for none.</param>
/// <param name="AttentionHeads">Query heads, where they are not the model's.</param>
/// <param name="KvHeads">Key/value heads, where they are not the model's.</param>
/// <param name="HeadSize">Head size, where it is not the model's.</param>
/// <param name="ValueHeadSize">Value head size, where it is not the model's.</param>
/// <param name="FfnWidth">Width of the MLP, where it is not the model's.</param>
internal sealed record LayerKind(
    int? Window, ExpertsSpec? Experts, int? AttentionHeads = null, int? KvHeads = null, int? HeadSize = null,
    int? ValueHeadSize = null, int? FfnWidth = null)
{
    /// <summary>Puts a model together from the kinds of its layers: in groups, unless they are all alike.</summary>
    public static ModelSpec Apply(ModelSpec model, IReadOnlyList<LayerKind> layers)
    {
        var kinds = layers.GroupBy(kind => kind).Select(same => (Kind: same.Key, Count: same.Count())).ToList();
        if (kinds is [var (only, _)] && only == new LayerKind(only.Window, only.Experts))
        {
            return model with { SlidingWindow = only.Window, Experts = only.Experts };
        }

        bool windows = kinds.Any(entry => entry.Kind.Window is not null);
        bool experts = kinds.Any(entry => entry.Kind.Experts is not null);
        var names = new HashSet<string>(StringComparer.Ordinal);
        return model with
        {
            LayerGroups = [.. kinds.Select(entry => entry.Kind.Group(entry.Count, Name(entry.Kind)))],
        };

        string Name(LayerKind kind)
        {
            string attention = kind.AttentionHeads == 0 ? "plain" : !windows ? "" : kind.Window is null ? "global" : "local";
            string mlp = !experts ? "" : kind.Experts is null ? "dense" : "moe";
            string name = string.Join('-', new[] { attention, mlp }.Where(part => part.Length > 0));
            string stem = name.Length > 0 ? name : "layers";
            for (int i = 2; !names.Add(name.Length > 0 ? name : stem); i++)
            {
                name = $"{stem}-{i}";
            }

            return name.Length > 0 ? name : stem;
        }
    }

    private LayerGroup Group(int count, string name) => new()
    {
        Name = name,
        Count = count,
        AttentionHeads = AttentionHeads,
        KvHeads = KvHeads,
        HeadSize = HeadSize,
        ValueHeadSize = ValueHeadSize,
        SlidingWindow = Window,
        FfnWidth = FfnWidth,
        Experts = Experts,
    };
}
