using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Cli.Scenarios;
using LlmSim.Reporting;
using LlmSim.Reporting.Html;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Validation;
using LlmSim.Validation.Fitting;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim validate</c>: replays measured serving runs and prints measured against simulated.</summary>
internal sealed class ValidateCommand : Command, IHasScenarioFlags
{
    private static readonly string[] OtherFlags = ["clock", "workload.timeout", "step_by_step"];

    private readonly TextWriter _output;
    private readonly Argument<string[]> _folders = new("RUN_DIR")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Folders with experiment.json and requests.csv (docs/validation.md).",
    };

    private readonly Option<string> _skip = new("--skip-seconds")
    {
        HelpName = "SECONDS",
        Description = "Compare also without the requests of the first seconds, when servers warm up.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string> _json = FileFlag.Of("--json", "Write the comparison as JSON; - for standard output.");

    private readonly Option<bool> _fitResidual = new("--fit-residual")
    {
        Description = "Print also what kernels and host leave unexplained, by leaving out a model at a time (docs/uncertainty.md).",
    };

    private readonly UncertaintyFlag _uncertainty;

    private readonly Option<string> _report = FileFlag.Of("--report", "Write the comparison as a page with charts: HTML, one file.");

    private readonly Option<bool> _fitHost = new("--fit-host")
    {
        Description = "Estimate the host's constants from the runs, and say which they do not tell.",
    };

    private readonly Option<bool> _leaveOut = new("--leave-one-model-out")
    {
        Description = "Refit what was found on serving runs to all models but one, for each; print its errors.",
    };

    public ValidateCommand(TextWriter output)
        : base("validate", "Replay measured serving runs and print measured against simulated.")
    {
        _output = output;
        Add(_folders);
        Add(_skip);
        Add(_json);
        _uncertainty = new UncertaintyFlag(this);
        Add(_fitResidual);
        Add(_report);
        Add(_fitHost);
        Add(_leaveOut);
        Scenario = new ScenarioOptions(this, flag => flag.Group is ScenarioFlags.Deployment or ScenarioFlags.Engine or ScenarioFlags.Sglang
            || OtherFlags.Contains(flag.Key));
        SetAction(Run);
    }

    /// <inheritdoc />
    public ScenarioOptions Scenario { get; }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        double? skip = null;
        UncertaintyMode uncertainty = default;
        problems.Try(() => skip = ReadSkip(parsed));
        problems.Try(() => uncertainty = ReadUncertainty(parsed));
        ScenarioNode? flags = problems.Try(() => Scenario.ReadFlags(parsed));
        MeasuredRun[] runs = flags is null ? []
            : [.. parsed.GetRequiredValue(_folders).Select(folder => problems.Try(() => RunFolder.Read(folder, flags))).OfType<MeasuredRun>()];
        foreach (MeasuredRun run in runs)
        {
            problems.Try(() => new LlmInferenceSimulator(run.Config)); // What does not fit is told before anything runs.
        }

        problems.Try(() => CheckFits(parsed, runs));
        string? path = parsed.GetValue(_json);
        using AtomicFile? file = path is null or "-" ? null : problems.Try(() => AtomicFile.Create(path, _json.Name));
        using AtomicFile? report = parsed.GetValue(_report) is { } page ? problems.Try(() => AtomicFile.Create(page, _report.Name)) : null;
        problems.ThrowIfAny();
        var results = new List<ValidatedRun>();
        foreach (MeasuredRun run in runs)
        {
            results.Add(DrawnReplay.Add(ValidatedRun.Of(run, skip), skip, uncertainty));
            if (path != "-")
            {
                ValidationReport.WriteRun(_output, results[^1], skip);
            }
        }

        report?.Write(ValidationHtml.ToUtf8(results, skip, SimulatorVersion.Text));
        report?.Commit();
        byte[] json = ValidationJson.ToUtf8(results, skip, SimulatorVersion.Text);
        if (path == "-")
        {
            _output.Write(System.Text.Encoding.UTF8.GetString(json));
            return ExitCode.Success;
        }

        file?.Write(json);
        file?.Commit();
        ValidationReport.WriteMeans(_output, results, skip);
        if (parsed.GetValue(_fitResidual))
        {
            ValidationReport.WriteResidual(_output, results);
        }

        if (parsed.GetValue(_fitHost))
        {
            FitReport.WriteHost(_output, HostFit.Of(runs, skip), results);
        }

        if (parsed.GetValue(_leaveOut))
        {
            FitReport.WriteLeftOut(_output, [.. LeftOutModel.Each(runs, skip)], results, skip);
        }

        return ExitCode.Success;
    }

    private UncertaintyMode ReadUncertainty(ParseResult parsed)
    {
        UncertaintyMode mode = _uncertainty.Read(parsed);
        return mode != UncertaintyMode.Off || !parsed.GetValue(_fitResidual) ? mode
            : throw new ConfigException(new ConfigProblem(_fitResidual.Name, "--uncertainty off", "errors that are drawn", "Use --uncertainty fast or full."));
    }

    private void CheckFits(ParseResult parsed, MeasuredRun[] runs)
    {
        if (parsed.GetValue(_fitHost) && !runs.Any(HostFit.CanUse))
        {
            throw new ConfigException(new ConfigProblem(_fitHost.Name, "no run in which all requests were answered", "at least one",
                "What an overloaded server shows depends on everything; measure at a lower rate."));
        }

        if (parsed.GetValue(_leaveOut) && !LeftOutModel.CanRun(runs))
        {
            throw new ConfigException(new ConfigProblem(_leaveOut.Name, "runs of fewer than two models by clients' clocks without failures",
                "two models or more", "Name the folders of more runs."));
        }
    }

    private double? ReadSkip(ParseResult parsed)
    {
        if (parsed.GetResult(_skip) is not { Implicit: false, Tokens: { Count: 1 } tokens })
        {
            return null;
        }

        return Kinds.TryParseDouble(tokens[0].Value, out double seconds) && seconds is >= 0 and <= 1e9 ? seconds
            : throw new ConfigException(new ConfigProblem(_skip.Name, tokens[0].Value, "seconds from 0 to 1e9", $"Write a number such as {_skip.Name} 20."));
    }
}
