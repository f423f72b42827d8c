using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Comparing;
using LlmSim.Reporting.Comparing;
using LlmSim.Reporting.Html;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim compare</c>: the same requests through several scenarios, and what differs.</summary>
internal sealed class CompareCommand : Command, IHasScenarioFlags
{
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Argument<string[]> _files = new("SCENARIO")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Scenario files, two to six, YAML or JSON; the first is what the others are compared with. Flags are laid over each.",
    };

    private readonly ResultFiles.Flags _results;
    private readonly UncertaintyFlag _uncertainty;

    public CompareCommand(TextWriter output, TextWriter error)
        : base("compare", "Serve the same requests under several scenarios: what differs, and whether it is real.")
    {
        _output = output;
        _error = error;
        Add(_files);
        _results = new ResultFiles.Flags(this);
        _uncertainty = new UncertaintyFlag(this);
        Scenario = new ScenarioOptions(this);
        SetAction(Run);
    }

    /// <inheritdoc />
    public ScenarioOptions Scenario { get; }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        string[] paths = parsed.GetRequiredValue(_files);
        problems.Try(() => CheckNames(paths));
        UncertaintyMode uncertainty = default;
        problems.Try(() => uncertainty = _uncertainty.Read(parsed));
        SimulatorConfig?[] configs = [.. paths.Distinct().Select(path => problems.Try(() => Read(parsed, path)))];
        using ResultFiles? files = problems.Try(() => _results.Open(parsed));
        problems.ThrowIfAny();

        IReadOnlyList<Contender> contenders = Contender.Of(paths.Zip(configs, (path, config) => (path, config!)));
        using var interrupt = new Interrupt();
        try
        {
            ScenarioComparison comparison = ScenarioComparison.Run(contenders, uncertainty, hasSeries: files!.HasReport, cancellation: interrupt.Token);
            Write(comparison, files);
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            _error.WriteLine("llmsim: stopped; nothing was compared.");
            return ExitCode.Interrupted;
        }
    }

    private void Write(ScenarioComparison comparison, ResultFiles files)
    {
        files.Write(_output, () => ComparisonJson.ToUtf8(comparison, SimulatorVersion.Text), () => ComparisonHtml.ToUtf8(comparison, SimulatorVersion.Text),
            () => ComparisonReport.Write(_output, comparison, Terminal.HasColours(_output)));
    }

    /// <summary>A file's scenario under the flags, found to be one that runs.</summary>
    private SimulatorConfig Read(ParseResult parsed, string path)
    {
        try
        {
            SimulatorConfig config = Scenario.Read(parsed, path);
            _ = new LlmInferenceSimulator(config);
            return config;
        }
        catch (ConfigException e)
        {
            throw new ConfigException([.. e.Problems.Select(problem => Named(problem, path))]);
        }
    }

    // Most problems say where in the file they stand; the others are of the scenario as a whole.
    private static ConfigProblem Named(ConfigProblem problem, string path) =>
        problem.Field.StartsWith(path, StringComparison.Ordinal) || problem.Field.StartsWith('-') ? problem
        : problem with { Field = $"{path}: {problem.Field}" };

    private void CheckNames(string[] paths)
    {
        if (paths.Length is < 2 or > Contender.Most)
        {
            throw new ConfigException(new ConfigProblem(_files.Name, $"{paths.Length} file{(paths.Length == 1 ? "" : "s")}", $"2 to {Contender.Most}",
                paths.Length < 2 ? "Name the scenarios to compare, the one to compare with first." : "Compare fewer at once."));
        }

        ConfigProblem[] twice =
        [
            .. paths.GroupBy(Path.GetFullPath).Where(same => same.Count() > 1)
                .Select(same => new ConfigProblem(same.First(), "this file twice", "different files", "Name each once.")),
        ];
        if (twice.Length > 0)
        {
            throw new ConfigException(twice);
        }
    }
}
