using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the engine, and which knobs it does not have.</summary>
internal static class EngineChecks
{
    /// <summary>The engine against its knobs.</summary>
    public static void Check(ProblemList list, SimulatorConfig config)
    {
        (EngineSpec engine, SchedulerSpec given) = (config.Engine, config.Scheduler);
        list.Require(engine.IsKnown, "engine", engine, $"releases of {engine.Name}: {engine.Family.Written}",
            "Use the nearest of these; llmsim engines says what differs.");
        list.Require(engine.IsBuilt, "engine", engine, "an engine that is simulated; this one is not yet", "llmsim engines lists those that are.");
        foreach (string key in ScenarioSchema.Scheduler.Given(given, new SchedulerSpec()).Where(key => !engine.Family.Has(key)))
        {
            list.Problems.Add(Lacking(engine.Family, key, ScenarioSchema.Scheduler.Show(key, given)));
        }

        list.Require(given.Batching is null || given.Batching == engine.Batching || engine is VllmEngine, "scheduler.batching",
            Word(given.Batching), $"not together with engine {engine.Name}, which is {Word(engine.Batching)}",
            "Leave it out, or name the engine static or dynamic instead.");
        list.Require(engine is not SglangEngine || config.Parallelism.PipelineParallel == 1, "pipeline_parallel",
            config.Parallelism.PipelineParallel, $"1 with engine {engine.Name}, whose pipelines are not simulated",
            "Use tensor parallelism, or another engine.");
        engine.Check(list, given);
        CheckClients(list, config);
    }

    /// <summary>Clients that give up, and tokens that reach them late: only what was built into the engine.</summary>
    private static void CheckClients(ProblemList list, SimulatorConfig config)
    {
        (EngineSpec engine, WorkloadSpec workload) = (config.Engine, config.Workload);
        bool isContinuous = (config.Scheduler.Batching ?? engine.Batching) == Batching.Continuous;
        bool mayGiveUp = ClientPatience.Of(workload) is not null;
        string field = workload.TimeoutSeconds is not null ? "workload.timeout"
            : workload.TtftTimeoutSeconds is not null ? "workload.ttft_timeout" : "workload.classes";
        list.Require(!mayGiveUp || isContinuous, field, "a time-out", "none with static or dynamic batching, whose batches run to their end",
            "Leave it out, or use continuous batching.");
        list.Require(!mayGiveUp || engine is not SglangEngine, field, "a time-out", $"none with {engine.Name}, of which it is not simulated yet",
            "Leave it out, or use engine vllm.");
        CheckOutput("host.detokenization_seconds_per_token", config.Host.DetokenizationSecondsPerToken);
        CheckOutput("host.stream_seconds_per_token", config.Host.StreamSecondsPerToken ?? 0);

        void CheckOutput(string key, double seconds) => list.Require(seconds == 0 || engine is not SglangEngine, key, seconds,
            $"0 with {engine.Name}, of which it is not simulated yet", "Leave it out, or use engine vllm.");
    }

    /// <summary>A knob that other engines have.</summary>
    private static ConfigProblem Lacking(EngineFamily family, string key, string value)
    {
        string owners = string.Join(", ", EngineFamilies.All.Where(other => other.Has(key)).Select(other => other.Name));
        string? instead = family.Instead.GetValueOrDefault(key);
        bool isKey = instead is not null && !instead.Contains(' ');
        string why = instead is null ? "" : isKey ? $", which has {instead} ({Flag(instead)}) instead" : $": {instead}";
        return new ConfigProblem($"scheduler.{key}", value, $"a knob of {owners}, not of {family.Name}{why}",
            isKey ? $"Use {Flag(instead!)}, or leave it out." : "Leave it out, or name another engine.");
    }

    private static string Flag(string key) => $"--{key.Replace('_', '-')}";

    private static string Word(Batching? batching) => $"{batching}".ToLowerInvariant();
}
