using System.CommandLine;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The flags that say what a deployment is to keep.</summary>
internal sealed class GoalFlags
{
    private const string GoodputName = "--goodput";

    private readonly Option<string[]> _slo = new("--slo")
    {
        HelpName = "SLO,...",
        Description = "What is to be kept: mean or percentiles of ttft, tpot, itl, e2el, queue, such as ttft.p99:500ms,tpot.p90:50ms. "
            + "Default: that the queue does not grow for ever.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _goodput = new(GoodputName)
    {
        HelpName = "SHARE",
        Description = "Also: at least this share of requests keeps the limits of --slo, or the scenario's objectives, all at once.",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary>Adds the flags to a command.</summary>
    public GoalFlags(Command command)
    {
        command.Add(_slo);
        command.Add(_goodput);
    }

    /// <summary>The goal.</summary>
    /// <exception cref="ConfigException">It cannot be read; lists everything found.</exception>
    public ServiceGoal Read(ParseResult parsed)
    {
        var problems = new ProblemBox();
        IReadOnlyList<LatencyObjective> objectives = [];
        double? share = null;
        if (parsed.GetResult(_slo) is { Implicit: false, Tokens.Count: > 0 } given)
        {
            problems.Try(() => objectives = ObjectiveText.Parse(_slo.Name, string.Join(' ', given.Tokens.Select(token => token.Value))));
        }

        problems.Try(() => share = NumberFlag.Read(parsed, _goodput, 0.001, 1));
        problems.ThrowIfAny();
        return new ServiceGoal(objectives, share);
    }

    /// <summary>The scenario with objectives of single requests, where the goal counts those that keep them.</summary>
    /// <exception cref="ConfigException">There are none.</exception>
    public static SimulatorConfig WithRequestObjectives(SimulatorConfig config, ServiceGoal goal) =>
        goal.GoodputShare is null || config.Objectives.IsSet || config.Workload.Classes.Any(HasObjectives) ? config
        : config with { Objectives = goal.RequestObjectives(GoodputName) };

    private static bool HasObjectives(RequestClassSpec one) =>
        one.FirstTokenMilliseconds is not null || one.PerTokenMilliseconds is not null || one.EndToEndMilliseconds is not null;
}
