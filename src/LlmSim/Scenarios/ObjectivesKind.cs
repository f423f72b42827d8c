using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Objectives: an object such as <c>{ttft_ms: 500, tpot_ms: 50}</c>, or the words of a flag, <c>ttft:500 tpot:50</c>.</summary>
internal sealed class ObjectivesKind : ValueKind<SloSpec>
{
    private const string Allowed = "objectives in milliseconds such as ttft:500 tpot:50 e2el:8000";

    private static readonly ValueKind<double?> Milliseconds = new OptionalKind<double>(Kinds.Double);

    private static readonly ObjectKind<SloSpec> Keys = new()
    {
        { "ttft_ms", Milliseconds, o => o.TtftMilliseconds, (o, v) => o with { TtftMilliseconds = v } },
        { "tpot_ms", Milliseconds, o => o.TpotMilliseconds, (o, v) => o with { TpotMilliseconds = v } },
        { "e2el_ms", Milliseconds, o => o.E2elMilliseconds, (o, v) => o with { E2elMilliseconds = v } },
    };

    public override SloSpec Read(ScenarioNode node, string field, SloSpec current, List<ConfigProblem> problems)
    {
        if (node.Text is null)
        {
            return Keys.Read(node, field, current, problems);
        }

        ScenarioNode? parts = Split(node);
        if (parts is null)
        {
            problems.Add(new ConfigProblem(field, node.Describe(), Allowed, "Write each as a name, a colon and a time, and each once."));
            return current;
        }

        return Keys.Read(parts, field, new SloSpec(), problems);
    }

    public override void Write(Utf8JsonWriter writer, SloSpec value) => Keys.Write(writer, value);

    public override bool HasKey(string name) => Keys.HasKey(name);

    /// <summary>The words as the object that says the same; null when they have another form.</summary>
    private static ScenarioNode? Split(ScenarioNode node)
    {
        ScenarioNode parts = node.AsObject();
        foreach (string word in node.Text!.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = word.Split(':');
            string key = $"{pair[0]}_ms";
            if (pair.Length != 2 || !Keys.HasKey(key) || parts[key] is not null)
            {
                return null;
            }

            parts.Set(key, node.WithText(pair[1]));
        }

        return parts.Children.Count > 0 ? parts : null;
    }
}
