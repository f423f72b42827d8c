using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Planning.Capacity;
using LlmSim.Reporting.Capacity;
using LlmSim.Reporting.Html;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim capacity</c>: the highest request rate that a scenario serves within objectives.</summary>
internal sealed class CapacityCommand : ScenarioCommand
{
    // What the search itself decides, or what would change the question.
    private static readonly string[] Unused =
    [
        "objectives", "workload.request_rate", "workload.num_requests", "workload.duration", "workload.max_concurrency", "workload.rate_curve.curve",
        "workload.rate_curve.start", "workload.rate_curve.end", "workload.num_sessions", "step_by_step",
    ];

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly GoalFlags _goal;
    private readonly ResultFiles.Flags _results;
    private readonly UncertaintyFlag _uncertainty;
    private readonly Option<string> _precision = new("--precision")
    {
        HelpName = "SHARE",
        Description = "How wide the interval of run-to-run noise may be, as a share of the rate. From 0.001 to 0.5. Default 0.02.",
        Arity = ArgumentArity.ExactlyOne,
    };

    public CapacityCommand(TextWriter output, TextWriter error)
        : base("capacity", "Find the highest request rate that meets objectives.", flag => !Unused.Contains(flag.Key))
    {
        _output = output;
        _error = error;
        _goal = new GoalFlags(this);
        Add(_precision);
        _results = new ResultFiles.Flags(this);
        _uncertainty = new UncertaintyFlag(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        SimulatorConfig? config = problems.Try(() => ReadScenario(parsed));
        var goal = problems.Try(() => _goal.Read(parsed));
        var options = new CapacityOptions();
        problems.Try(() => options = options with { Uncertainty = _uncertainty.Read(parsed) });
        problems.Try(() => options = options with { Precision = NumberFlag.Read(parsed, _precision, 0.001, 0.5) ?? options.Precision });
        if (config is not null && goal is not null)
        {
            config = problems.Try(() => GoalFlags.WithRequestObjectives(config, goal));
        }

        if (config is not null)
        {
            problems.Try(() => new LlmInferenceSimulator(config));
        }

        using ResultFiles? files = problems.Try(() => _results.Open(parsed));
        problems.ThrowIfAny();
        using var interrupt = new Interrupt();
        try
        {
            string state = "Looking for the capacity";
            options = options with { Progress = (rate, requests) => state = $"About {rate:0.##} a second, in runs of {requests:N0} requests" };
            CapacityResult result = Waiting.For(() => CapacitySearch.Run(config!, goal!, options, interrupt.Token), _error, () => state);
            files!.Write(_output, () => CapacityJson.ToUtf8(config!, result, SimulatorVersion.Text), () => CapacityHtml.ToUtf8(config!, result, SimulatorVersion.Text),
                () => CapacityReport.Write(_output, config!, result, Terminal.Columns(_output)));
            return ExitCode.Success;
        }
        catch (UnmeetableException e)
        {
            CapacityReport.WriteUnmeetable(_error, goal!, e);
            return ExitCode.Unmeetable;
        }
        catch (OperationCanceledException)
        {
            _error.WriteLine("llmsim: stopped before the capacity was known.");
            return ExitCode.Interrupted;
        }
    }
}
