using System.Globalization;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>A field of a scenario by its keys: <c>workload.request_rate</c>, or <c>workload.classes[1].share</c> in a list.</summary>
internal sealed class FieldPath
{
    private const string Base = "base";

    private readonly (string Key, int Index)[] _steps;

    private FieldPath(string name, (string, int)[] steps)
    {
        Name = name;
        _steps = steps;
    }

    /// <summary>The field as written.</summary>
    public string Name { get; }

    /// <summary>Reads a field; null when it has no such form. Whether there is such a field only a scenario can tell.</summary>
    public static FieldPath? Parse(string name)
    {
        var steps = new List<(string, int)>();
        foreach (string part in name.Split('.'))
        {
            int bracket = part.IndexOf('[');
            int index = -1;
            if (bracket >= 0 && (part[^1] != ']'
                || !int.TryParse(part.AsSpan(bracket + 1, part.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out index)))
            {
                return null;
            }

            string key = bracket < 0 ? part : part[..bracket];
            if (key.Length == 0)
            {
                return null;
            }

            steps.Add((key, index));
        }

        return new FieldPath(name, [.. steps]);
    }

    /// <summary>The field's value; null for none.</summary>
    public ScenarioNode? Find(ScenarioNode root)
    {
        ScenarioNode? node = root;
        foreach ((string key, int index) in _steps)
        {
            node = index < 0 ? node?[key] : node?[key]?.Items.ElementAtOrDefault(index);
        }

        return node;
    }

    /// <summary>A scenario with another value of the field; the one given stays as it is.</summary>
    /// <exception cref="ConfigException">The field is in a list that the scenario does not have, or that is shorter.</exception>
    public ScenarioNode Set(ScenarioNode root, ScenarioNode value) => Set(root, 0, value);

    private ScenarioNode Set(ScenarioNode? owner, int step, ScenarioNode value)
    {
        if (step == _steps.Length)
        {
            return value;
        }

        (string key, int index) = _steps[step];
        ScenarioNode section = AsSection(owner, step, value);
        if (index < 0)
        {
            return section.With(key, Set(section[key], step + 1, value));
        }

        if (section[key] is not { } list || list.Items.Count <= index)
        {
            throw new ConfigException(new ConfigProblem(value.Label(Name), $"{key}[{index}]",
                $"a place in the scenario's list, which has {section[key]?.Items.Count ?? 0}", "Places count from 0."));
        }

        return section.With(key, list.With(index, Set(list.Items[index], step + 1, value)));
    }

    /// <summary>What keys can be set in: a name becomes what is changed, a law in one word its parts.</summary>
    private ScenarioNode AsSection(ScenarioNode? owner, int step, ScenarioNode value)
    {
        if (owner is null or { IsNothing: true })
        {
            return value.AsObject();
        }

        return owner.Text is null ? owner
            : step > 0 && _steps[step - 1].Key is "input_len" or "output_len" or "turns" && LawText.Split(owner, "distribution") is { } law ? law
            : owner.AsObject().With(Base, owner);
    }
}
