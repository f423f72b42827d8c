using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Planning.Objectives;
using LlmSim.Planning.Plans;
using LlmSim.Reporting;
using LlmSim.Reporting.Html;
using LlmSim.Reporting.Plans;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim plan</c>: the cheapest deployment that serves a workload within objectives.</summary>
internal sealed class PlanCommand : ScenarioCommand
{
    private const string DefaultBenchFile = "requests.jsonl";

    // What the plan looks for.
    private static readonly string[] Unused =
    [
        "objectives", "gpu", "num_gpus", "tensor_parallel", "pipeline_parallel", "data_parallel", "dtype", "price_per_gpu_hour", "step_by_step",
        "scheduler.max_num_seqs", "scheduler.max_num_batched_tokens",
    ];

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly GoalFlags _goal;
    private readonly SpaceFlags _space;
    private readonly ResultFiles.Flags _results;
    private readonly UncertaintyFlag _uncertainty;
    private readonly Option<string> _price = FileFlag.Of("--price", "Prices of GPUs, a CSV file (docs/deciding.md). Default: those that come with llmsim.");
    private readonly Option<string> _benchTrace = FileFlag.Of("--bench-trace", "Write the requests for vllm bench serve --dataset-name timed_trace.");

    public PlanCommand(TextWriter output, TextWriter error)
        : base("plan", "Find the cheapest deployment that meets objectives.", flag => !Unused.Contains(flag.Key))
    {
        _output = output;
        _error = error;
        _goal = new GoalFlags(this);
        _space = new SpaceFlags(this);
        Add(_price);
        Add(_benchTrace);
        _results = new ResultFiles.Flags(this);
        _uncertainty = new UncertaintyFlag(this);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();

        // vLLM's replicas share one queue of requests that goes to who has least to do.
        SimulatorConfig? config = problems.Try(() => ReadScenario(parsed, isHardwareOpen: true, ("router", "least_outstanding")));
        ServiceGoal? goal = problems.Try(() => _goal.Read(parsed));
        PlanSpace? space = problems.Try(() => _space.Read(parsed));
        PriceTable? prices = problems.Try(() => parsed.GetValue(_price) is { } path ? PriceTable.Load(path, _price.Name) : PriceTable.Default);
        Uncertainty.UncertaintyMode uncertainty = default;
        problems.Try(() => uncertainty = _uncertainty.Read(parsed));
        config = config is null ? null : problems.Try(() => Check(config, goal));
        string? benchPath = parsed.GetValue(_benchTrace);
        using AtomicFile? bench = benchPath is null ? null : problems.Try(() => AtomicFile.Create(benchPath, _benchTrace.Name));
        using ResultFiles? files = problems.Try(() => _results.Open(parsed));
        problems.ThrowIfAny();
        using var interrupt = new Interrupt();
        try
        {
            string state = "Looking for deployments that fit";
            var options = new PlanOptions { Prices = prices!, Uncertainty = uncertainty, Progress = (done, all) => state = $"{done} of {all} deployments" };
            PlanResult plan = Waiting.For(() => PlanSearch.Run(config!, goal!, space!, options, interrupt.Token), _error, () => state);
            if (bench is not null)
            {
                BenchTrace.Write(bench, PlanSearch.Workload(config!), config!.Seed);
                bench.Commit();
            }

            if (plan.Front.Count == 0)
            {
                PlanReport.WriteUnmeetable(_error, config!, plan);
                return ExitCode.Unmeetable;
            }

            string file = benchPath ?? DefaultBenchFile;
            files!.Write(_output, () => PlanJson.ToUtf8(config!, plan, file, SimulatorVersion.Text), () => PlanHtml.ToUtf8(config!, plan, file, SimulatorVersion.Text),
                () => PlanReport.Write(_output, config!, plan, file));
            return ExitCode.Success;
        }
        catch (OperationCanceledException)
        {
            _error.WriteLine("llmsim: stopped before the plan was made.");
            return ExitCode.Interrupted;
        }
    }

    private static SimulatorConfig Check(SimulatorConfig config, ServiceGoal? goal)
    {
        if (config.Engine is not VllmEngine)
        {
            throw new ConfigException(new ConfigProblem("engine", $"{config.Engine}", "vllm, whose command lines a plan gives", "Use vllm, or try deployments with llmsim sweep."));
        }

        return goal is null ? config : GoalFlags.WithRequestObjectives(config, goal);
    }
}
