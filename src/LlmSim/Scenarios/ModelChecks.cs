using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with a model's shape.</summary>
internal static class ModelChecks
{
    private const string Fix = "Take the figure from the model's config.json.";

    public static void Check(ProblemList list, ModelSpec model)
    {
        list.AtLeast(1, "model.hidden_size", model.HiddenSize, Fix);
        list.AtLeast(1, "model.layers", model.Layers, Fix);
        list.AtLeast(1, "model.attention_heads", model.AttentionHeads, Fix);
        list.AtLeast(1, "model.kv_heads", model.KvHeads, Fix);
        list.AtLeast(1, "model.head_size", model.HeadSize, Fix);
        list.AtLeast(1, "model.value_head_size", model.ValueHeadSize, "Leave it out where it is the head size.");
        list.AtLeast(1, "model.sliding_window", model.SlidingWindow, "Leave it out when every token sees all others.");
        list.AtLeast(1, "model.ffn_width", model.FfnWidth, Fix);
        list.AtLeast(1, "model.vocabulary_size", model.VocabularySize, Fix);
        list.AtLeast(2, "model.max_sequence_length", model.MaxSequenceLength, Fix);
        CheckDivides(list, "model.kv_heads", model.AttentionHeads, model.KvHeads);
        CheckLatent(list, model);
        CheckExperts(list, "model.experts", model.Experts);
        CheckGroups(list, model);
    }

    private static void CheckLatent(ProblemList list, ModelSpec model)
    {
        if (model.Latent is not { } latent)
        {
            return;
        }

        list.AtLeast(1, "model.latent.kv_rank", latent.KvRank, Fix);
        list.AtLeast(1, "model.latent.query_rank", latent.QueryRank, "Leave it out where queries come from the residual stream.");
        list.Require(latent.RopeHeadSize > 0 && latent.RopeHeadSize < model.HeadSize, "model.latent.rope_head_size", latent.RopeHeadSize,
            $"1 to {model.HeadSize - 1}, below head_size, which includes it", Fix);
        bool hasWindow = model.SlidingWindow is not null || model.LayerGroups.Any(group => group.SlidingWindow is not null);
        list.Require(!hasWindow, "model.latent", "latent attention with a sliding window", "one or the other", "Windows of latent attention are not modelled.");
    }

    private static void CheckGroups(ProblemList list, ModelSpec model)
    {
        if (model.LayerGroups.Count == 0)
        {
            return;
        }

        int sum = model.LayerGroups.Sum(group => group.Count);
        list.Require(sum == model.Layers, "model.layer_groups", $"{sum} layers", $"{model.Layers} in all, as layers says",
            "Correct a count, or layers.");
        list.Require(model.SlidingWindow is null, "model.sliding_window", model.SlidingWindow,
            "nothing beside layer_groups", "Give it to the groups that have the window.");
        list.Require(model.Experts is null, "model.experts", model.Experts?.Count,
            "nothing beside layer_groups", "Give them to the groups that have experts.");
        int names = model.LayerGroups.Select(group => group.Name).Where(name => name.Length > 0).Distinct().Count();
        list.Require(names == model.LayerGroups.Count, "model.layer_groups", $"{names} names",
            $"a name of its own for each of the {model.LayerGroups.Count} groups", "Name the groups.");
        foreach (var group in model.LayerGroups)
        {
            CheckGroup(list, $"model.layer_groups.{group.Name}", model, group);
        }
    }

    private static void CheckGroup(ProblemList list, string field, ModelSpec model, LayerGroup group)
    {
        list.AtLeast(1, $"{field}.count", group.Count, Fix);
        list.AtLeast(0, $"{field}.attention_heads", group.AttentionHeads, "Use 0 for layers without attention.");
        list.AtLeast(1, $"{field}.kv_heads", group.KvHeads, Fix);
        list.AtLeast(1, $"{field}.head_size", group.HeadSize, Fix);
        list.AtLeast(1, $"{field}.value_head_size", group.ValueHeadSize, Fix);
        list.AtLeast(1, $"{field}.sliding_window", group.SlidingWindow, "Leave it out when every token sees all others.");
        list.AtLeast(0, $"{field}.ffn_width", group.FfnWidth, "Use 0 for layers without an MLP.");
        CheckDivides(list, $"{field}.kv_heads", group.AttentionHeads ?? model.AttentionHeads, group.KvHeads ?? model.KvHeads);
        CheckExperts(list, $"{field}.experts", group.Experts);
        CheckWindow(list, $"{field}.sliding_window", model, group);
    }

    // A batch is known by one sum of pairs and keys within the window.
    private static void CheckWindow(ProblemList list, string field, ModelSpec model, LayerGroup group)
    {
        int first = model.LayerGroups.Select(other => other.SlidingWindow).FirstOrDefault(window => window > 0) ?? 0;
        list.Require(group.SlidingWindow is null or < 1 || group.SlidingWindow == first, field, group.SlidingWindow,
            $"the same in every group that has one, here {first}", "Windows of several sizes are not modelled.");
    }

    private static void CheckDivides(ProblemList list, string field, int heads, int kvHeads) =>
        list.Require(heads < 1 || kvHeads < 1 || heads % kvHeads == 0, field, kvHeads,
            $"a divisor of the {heads} attention heads", Fix);

    private static void CheckExperts(ProblemList list, string field, ExpertsSpec? experts)
    {
        if (experts is not null)
        {
            list.AtLeast(1, $"{field}.count", experts.Count, Fix);
            list.AtLeast(1, $"{field}.per_token", experts.PerToken, Fix);
            list.Require(experts.PerToken <= experts.Count, $"{field}.per_token", experts.PerToken,
                $"at most the {experts.Count} experts", Fix);
            list.AtLeast(1, $"{field}.width", experts.Width, Fix);
            list.AtLeast(0, $"{field}.shared_width", experts.SharedWidth, "Use 0 when no MLP is shared.");
            list.Known($"{field}.dtype", experts.WeightType ?? DataType.Bf16);
        }
    }
}
