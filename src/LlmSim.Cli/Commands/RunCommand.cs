using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Reporting.Html;
using LlmSim.Reporting.Timeline;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim run</c>: simulates a scenario and prints what came out.</summary>
internal sealed class RunCommand : ScenarioCommand
{
    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Option<string> _json = FileFlag.Of("--json", "Write the result as JSON; - for standard output.");
    private readonly Option<string> _benchJson = FileFlag.Of("--bench-json", "Write it as vllm bench serve --save-result does.");
    private readonly Option<string> _requests = FileFlag.Of("--requests", "Write a row for each finished request: CSV, or Parquet to a .parquet.");
    private readonly Option<string> _series = FileFlag.Of("--series", "Write a row for each second, or --series-interval, likewise.");
    private readonly Option<string> _events = FileFlag.Of("--events", "Write every stage of every request as JSON lines.");
    private readonly Option<string> _timeline = FileFlag.Of("--timeline", "Write a timeline for Perfetto or chrome://tracing: steps, queues, requests.");
    private readonly Option<string> _report = FileFlag.Of("--report", "Write the result as a page with charts: HTML, one file.");
    private readonly TimelineWindowFlag _window;
    private readonly MeasureFlags _measures;
    private readonly UncertaintyFlag _uncertainty;
    private readonly Option<bool> _explain = new("--explain") { Description = "Print where the times come from: calibrated, scaled or assumed." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print neither result nor progress." };

    public RunCommand(TextWriter output, TextWriter error)
        : base("run", "Simulate a scenario; without flags, Llama-2-7B on one A100 at 2 requests a second.")
    {
        _output = output;
        _error = error;
        Add(_json);
        Add(_benchJson);
        Add(_requests);
        Add(_series);
        Add(_events);
        Add(_timeline);
        _window = new TimelineWindowFlag(this);
        Add(_report);
        _measures = new MeasureFlags(this);
        _uncertainty = new UncertaintyFlag(this);
        Add(_explain);
        Add(_quiet);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        LlmInferenceSimulator? simulator = null;
        SimulatorConfig? config = problems.Try(() => ReadScenario(parsed));
        if (config is not null)
        {
            simulator = problems.Try(() => new LlmInferenceSimulator(config));
        }

        var paths = new RunPaths(parsed.GetValue(_json), parsed.GetValue(_benchJson), parsed.GetValue(_requests),
            parsed.GetValue(_series), parsed.GetValue(_events), parsed.GetValue(_timeline), parsed.GetValue(_report));
        SimTime interval = default;
        double[]? percentiles = problems.Try(() => _measures.Percentiles(parsed));
        UncertaintyMode uncertainty = default;
        problems.Try(() => uncertainty = _uncertainty.Read(parsed));
        problems.Try(() => interval = _measures.Interval(parsed, paths.Series is not null));
        TimeWindow window = TimeWindow.All;
        problems.Try(() => window = _window.Read(parsed, paths.Timeline is not null));
        bool quiet = parsed.GetValue(_quiet);
        int columns = quiet ? 0 : Terminal.Columns(_output);
        using RunFiles? files = problems.Try(() => new RunFiles(paths, keepsLevels: columns > 0));
        problems.ThrowIfAny();

        files!.Attach(simulator!, interval, window);
        using var interrupt = new Interrupt();
        SimulationMetrics metrics = RunProgress.Run(simulator!, quiet ? null : _error, interrupt.Token);
        SimulationStatistics statistics = metrics.ComputeStatistics();
        FigureIntervals? intervals = (quiet && paths is { Json: null, Report: null }) || metrics.IsPartial || uncertainty == UncertaintyMode.Off ? null
            : Intervals(config!, statistics, uncertainty, interrupt.Token);
        files.Commit(
            () => ResultJson.ToUtf8(statistics, config!.Seed, SimulatorVersion.Text, json => ScenarioJson.Write(json, config), percentiles, intervals),
            () => BenchJson.ToUtf8(statistics, config!, percentiles),
            course => RunHtml.ToUtf8(config!, statistics, intervals, course, SimulatorVersion.Text));
        if (files.Note is { } note)
        {
            _error.WriteLine($"llmsim: {note}");
        }

        if (!quiet && !files.UsesStandardOutput)
        {
            ConsoleReport.Write(_output, config!, statistics, percentiles, intervals);
            LevelsChart.Write(_output, files.Levels, columns);
            if (parsed.GetValue(_explain))
            {
                _output.WriteLine();
                TimeSources.Write(_output, config!);
            }
        }

        return metrics.IsPartial ? ExitCode.Interrupted : ExitCode.Success;
    }

    // The run itself is whole and stays; who stops the draws has it without their intervals.
    private static FigureIntervals? Intervals(
        SimulatorConfig config, SimulationStatistics statistics, UncertaintyMode mode, CancellationToken cancellation)
    {
        try
        {
            return FigureIntervals.Of(config, statistics, mode, cancellation: cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
