using System.Globalization;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Validation;

/// <summary><c>experiment.json</c> of a run folder: how the server was set up, and what the load generator did.</summary>
/// <remarks>
/// What describes the server becomes a scenario, read and checked as any other, so that each key takes what it takes there. Keys that are
/// not known tell where the run comes from, and are not looked at.
/// </remarks>
internal sealed class ExperimentFile
{
    private const string Workload = "workload";
    private const string Scheduler = "scheduler";

    private static readonly string[] ServerKeys =
    [
        "model", "gpu", "dtype", "kv_cache_dtype", "num_gpus", "interconnect", "tensor_parallel", "pipeline_parallel", "data_parallel",
        "router", "host", "scheduler",
    ];

    private static readonly string[] NeededKeys = ["model", "gpu"];

    // Keys of a run whose names differ from those of scenarios.
    private static readonly (string Key, string Name)[] OtherNames =
        [("prefix_caching", "enable_prefix_caching"), ("kv_blocks_total_gpu", "num_gpu_blocks_override")];

    private readonly ScenarioNode _root;
    private readonly List<ConfigProblem> _problems;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">What is wrong with it.</param>
    /// <exception cref="ConfigException">It is not JSON, or there is no such file.</exception>
    public ExperimentFile(string path, List<ConfigProblem> problems)
    {
        _root = JsonNodes.Parse(ScenarioFile.ReadBytes(path), path);
        _problems = problems;
    }

    /// <summary>The run's name; null when it has none.</summary>
    public string? Id => _root["id"]?.Text;

    /// <summary>Tokens that the server generated for every request; null when each row says its own.</summary>
    public int? GeneratedTokens => Count("generated_tokens_per_request", least: 1);

    /// <summary>After how many prompts the load generator began again; null when it is not said.</summary>
    public int? DistinctPrompts => Count("distinct_prompts", least: 1);

    /// <summary>Requests that were answered; null when it is not said.</summary>
    public int? Successes => Count("successes", least: 0);

    /// <summary>Measured rates, by their names; null where not said.</summary>
    public double? Rate(string name) =>
        _root["throughput"]?[name]?.Text is { } text && Kinds.TryParseDouble(text, out double value) && value > 0 ? value : null;

    /// <summary>The scenario: what the file says, and flags over it.</summary>
    /// <exception cref="ConfigException">Something in it is wrong; lists everything found.</exception>
    public SimulatorConfig ReadServer(ScenarioNode flags, List<string> notes)
    {
        ScenarioNode given = _root.AsObject();
        ScenarioNode scheduler = _root.AsObject();
        foreach ((string key, ScenarioNode value) in _root.Children.Where(child => !child.Value.IsNothing))
        {
            string name = OtherNames.FirstOrDefault(other => other.Key == key).Name ?? key;
            if (ServerKeys.Contains(key))
            {
                given.Set(key, value);
            }
            else if (ScenarioSchema.Scheduler.HasKey(name))
            {
                scheduler.Set(name, value);
            }
        }

        foreach (string key in NeededKeys.Where(key => given[key] is null && flags[key] is null))
        {
            _problems.Add(new ConfigProblem(_root.Label(key), "nothing", "the one that was measured", "Add the key, or name it by a flag."));
        }

        if (given[Scheduler] is { } own)
        {
            scheduler.Overlay(own);
        }

        given.Set(Scheduler, scheduler);
        SetEngine(given, flags, notes);
        SetClock(given, flags, notes);
        if (_root["client_timeout_s"] is { IsNothing: false } timeout)
        {
            ScenarioNode workload = _root.AsObject();
            workload.Set("timeout", timeout);
            given.Set(Workload, workload);
        }

        if (_root["expert_parallel"]?.Text == "true")
        {
            notes.Add("expert_parallel is not simulated: each GPU has a share of every expert");
        }

        given.Overlay(flags);
        return ScenarioReader.Read(given);
    }

    private void SetEngine(ScenarioNode given, ScenarioNode flags, List<string> notes)
    {
        string engine = _root["engine"]?.Text ?? VllmEngine.Newest.Name;
        if (flags["engine"] is not null)
        {
            return;
        }

        if (_root["engine_version"]?.Text is { } version)
        {
            given.Set("engine", _root["engine_version"]!.WithText($"{engine}@{version.TrimStart('v')}"));
            return;
        }

        given.Set("engine", (_root["engine"] ?? _root).WithText(engine));
        if (EngineSpec.TryParse(engine, out EngineSpec? known) && !engine.Contains('@'))
        {
            notes.Add($"engine_version is not given: {known} (--engine names another)");
        }
    }

    // 'engine (queued, scheduled, ...)' tells what the clock is, and more.
    private void SetClock(ScenarioNode given, ScenarioNode flags, List<string> notes)
    {
        if (_root["clock"] is { Text: { } clock } node)
        {
            given.Set("clock", node.WithText(clock.Split(' ', '(')[0]));
        }
        else if (flags["clock"] is null)
        {
            notes.Add("clock is not given: client");
        }
    }

    private int? Count(string key, int least)
    {
        if (_root[key] is not { IsNothing: false } node)
        {
            return null;
        }

        if (int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least)
        {
            return count;
        }

        _problems.Add(new ConfigProblem(node.Label(key), node.Describe(), $"a whole number, at least {least}", "Correct or remove it."));
        return null;
    }
}
