using LlmSim.Catalog;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>Reads what a sweep file holds: <c>scenario</c>, <c>axes</c> and <c>zip</c>.</summary>
internal sealed class SweepFile
{
    private const string AxisExample = "Write for example 'tensor_parallel: [1, 2, 4]' or 'workload.request_rate: {from: 1, to: 16, step: 1}'.";

    private static readonly string[] Keys = ["scenario", "axes", "zip"];

    private readonly List<ConfigProblem> _problems = [];
    private readonly Dictionary<string, SweepAxis> _axes = [];

    private SweepFile()
    {
    }

    /// <summary>The sweep that a file describes.</summary>
    /// <param name="root">What the file holds.</param>
    /// <param name="flags">Keys of the scenario given as flags, which are laid over the file's.</param>
    /// <param name="readScenario">Opens a scenario file by its path.</param>
    /// <exception cref="ConfigException">Something is wrong; lists everything found.</exception>
    public static SweepSpec Read(ScenarioNode root, ScenarioNode flags, Func<string, ScenarioNode> readScenario)
    {
        var file = new SweepFile();
        file.CheckKeys(root);
        ScenarioNode scenario = file.ReadScenario(root["scenario"], root, readScenario);
        List<IReadOnlyList<SweepAxis>> dimensions = [.. file.ReadAxes(root), .. file.ReadGroups(root["zip"])];
        file.CheckFlags(flags);
        file.CheckSize(root, dimensions);
        scenario.Overlay(flags);
        return file._problems.Count == 0 ? new SweepSpec(scenario, dimensions) : throw new ConfigException(file._problems);
    }

    private void CheckKeys(ScenarioNode root)
    {
        foreach ((string key, ScenarioNode value) in root.Children)
        {
            if (!Keys.Contains(key))
            {
                string fix = NearNames.Find(key, Keys) is { Count: > 0 } near ? $"Did you mean {near[0]}?"
                    : ScenarioSchema.Scenario.HasKey(key) ? "What all runs share stands below scenario."
                    : "Remove it.";
                _problems.Add(new ConfigProblem(value.Label(key), "this key", $"known keys of a sweep: {string.Join(", ", Keys)}", fix));
            }
        }
    }

    private ScenarioNode ReadScenario(ScenarioNode? given, ScenarioNode root, Func<string, ScenarioNode> readScenario)
    {
        if (given is { Text: { Length: > 0 } path })
        {
            try
            {
                return readScenario(given.ResolvePath(path));
            }
            catch (ConfigException e)
            {
                _problems.AddRange(e.Problems);
            }
        }
        else if (given is { IsObject: false, IsNothing: false })
        {
            _problems.Add(new ConfigProblem(given.Label("scenario"), given.Describe(), "the path of a scenario file, or its keys",
                "Name the file, or indent the keys below."));
        }

        return given is { IsObject: true } ? given : root.AsObject();
    }

    private IEnumerable<IReadOnlyList<SweepAxis>> ReadAxes(ScenarioNode root)
    {
        if (root["axes"] is { IsObject: false, IsNothing: false } wrong)
        {
            _problems.Add(new ConfigProblem(wrong.Label("axes"), wrong.Describe(), "fields, each with its values", AxisExample));
        }
        else if (root["axes"] is null or { Children.Count: 0 } && root["zip"] is null or { Items.Count: 0, IsNothing: true })
        {
            _problems.Add(new ConfigProblem((root["axes"] ?? root).Label("axes"), "nothing", "at least one field with its values", AxisExample));
        }

        return ReadAll(root["axes"] ?? root.AsObject()).Select(axis => (IReadOnlyList<SweepAxis>)[axis]);
    }

    private IEnumerable<IReadOnlyList<SweepAxis>> ReadGroups(ScenarioNode? zip)
    {
        if (zip is null or { IsNothing: true })
        {
            yield break;
        }

        if (!zip.IsList || zip.Items.Any(item => !item.IsObject))
        {
            _problems.Add(new ConfigProblem(zip.Label("zip"), zip.Describe(), "a list of groups of fields that move together",
                "Write one line that begins with a dash for each group: '- {model: [...], tensor_parallel: [...]}'."));
            yield break;
        }

        foreach (ScenarioNode group in zip.Items)
        {
            List<SweepAxis> axes = ReadAll(group, isTogether: true);
            if (axes.Select(axis => axis.Values.Count).Distinct().Count() > 1)
            {
                _problems.Add(new ConfigProblem(group.Label("zip"), string.Join(", ", axes.Select(axis => $"{axis.Values.Count} of {axis.Path.Name}")),
                    "as many values of each, for they move together", "Make the lists equally long, or cross them under axes."));
            }
            else if (axes.Count > 0)
            {
                yield return axes;
            }
        }
    }

    private List<SweepAxis> ReadAll(ScenarioNode fields, bool isTogether = false)
    {
        var axes = new List<SweepAxis>();
        foreach ((string name, ScenarioNode values) in fields.Children)
        {
            if (ReadAxis(name, values, isTogether) is { } axis)
            {
                axes.Add(axis);
            }
        }

        return axes;
    }

    private SweepAxis? ReadAxis(string name, ScenarioNode values, bool isTogether)
    {
        int before = _problems.Count;
        if (FieldPath.Parse(name) is not { } path)
        {
            _problems.Add(new ConfigProblem(values.Label(name), "this field", "keys with dots between, as in workload.request_rate", AxisExample));
            return null;
        }

        if (_axes.ContainsKey(name))
        {
            _problems.Add(new ConfigProblem(values.Label(name), "this field a second time", "an axis once", "Remove one of the two."));
            return null;
        }

        IReadOnlyList<ScenarioNode> all = values.IsObject ? AxisRange.Read(values, name, _problems) : values.Items;
        if (!values.IsObject && all.Count == 0)
        {
            _problems.Add(new ConfigProblem(values.Label(name), values.IsList ? "an empty list" : values.Describe(),
                "a list of values, or a range with from, to and step or count", AxisExample));
        }

        if (!isTogether)
        {
            CheckDifferent(name, all);
        }

        return _problems.Count > before ? null : _axes[name] = new SweepAxis(path, all);
    }

    private void CheckDifferent(string name, IReadOnlyList<ScenarioNode> values)
    {
        var seen = new HashSet<string>();
        foreach (ScenarioNode value in values)
        {
            string text = NodeText.Of(value);
            if (!seen.Add(text))
            {
                _problems.Add(new ConfigProblem(value.Label(name), $"{text} a second time", "different values", "Remove one of the two."));
            }
        }
    }

    private void CheckFlags(ScenarioNode flags)
    {
        foreach (SweepAxis axis in _axes.Values)
        {
            foreach (ScenarioNode flag in Words(axis.Path.Find(flags)))
            {
                _problems.Add(new ConfigProblem(flag.Label(axis.Path.Name), flag.Describe(), $"not together with the axis {axis.Path.Name}",
                    "Remove the flag, or the axis."));
            }
        }
    }

    private static IEnumerable<ScenarioNode> Words(ScenarioNode? node) =>
        node is null ? [] : node.IsObject ? node.Children.SelectMany(child => Words(child.Value)) : [node];

    private void CheckSize(ScenarioNode root, IReadOnlyList<IReadOnlyList<SweepAxis>> dimensions)
    {
        double runs = 1;
        foreach (IReadOnlyList<SweepAxis> axes in dimensions)
        {
            runs *= axes[0].Values.Count;
        }

        if (runs > SweepSpec.MostRuns)
        {
            _problems.Add(new ConfigProblem((root["axes"] ?? root).Label("axes"), $"{runs:0} runs", $"at most {SweepSpec.MostRuns}",
                "Take fewer values, or sweep in parts."));
        }
    }
}
