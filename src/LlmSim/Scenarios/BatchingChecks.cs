using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the way requests are batched and ordered.</summary>
internal static class BatchingChecks
{
    private const double LongestWindowSeconds = 86400;
    private const double MostSwapSpaceGib = 65536;
    private const double LargestPredictionError = 10;

    /// <summary>Each knob by itself.</summary>
    /// <param name="list">Where problems go.</param>
    /// <param name="given">The knobs.</param>
    /// <param name="batching">How the engine batches with them.</param>
    public static void CheckEach(ProblemList list, SchedulerSpec given, Batching batching)
    {
        list.Known("scheduler.batching", batching);
        list.Known("scheduler.policy", given.Policy);
        list.AtLeast(1, "scheduler.batch_size", given.BatchSize, "Leave it out for max_num_seqs.");
        list.Require(given.BatchWindowSeconds is null or (>= 0 and <= LongestWindowSeconds), "scheduler.batch_window",
            given.BatchWindowSeconds, $"seconds from 0 to {LongestWindowSeconds}", "Leave it out to start with whoever is there.");
        list.Require(given.BatchSize is null or < 1 || batching != Batching.Continuous, "scheduler.batch_size", given.BatchSize,
            "only with static or dynamic batching", "Add batching: static, or use max_num_seqs to bound a continuous batch.");
        list.Require(given.BatchWindowSeconds is null || batching == Batching.Dynamic, "scheduler.batch_window",
            given.BatchWindowSeconds, "only with dynamic batching", "Use batching: dynamic, or leave the window out.");
        list.Require(given.Policy == SchedulingPolicy.Fcfs || batching == Batching.Continuous, "scheduler.policy",
            Name(given.Policy), "fcfs, with static or dynamic batching", "Use batching: continuous, or leave the policy out.");
        list.Require(given.PredictionError is >= 0 and <= LargestPredictionError, "scheduler.prediction_error", given.PredictionError,
            $"from 0 to {LargestPredictionError}, the deviation of the logarithm of predicted over true length",
            "Use 0 for a perfect prediction; 0.5 is off by a factor of 1.6 or more one time in three.");
        list.Require(given.PredictionError is not > 0 || given.Policy == SchedulingPolicy.Sjf, "scheduler.prediction_error",
            given.PredictionError, "only with policy: sjf, which goes by predicted lengths", "Add policy: sjf, or leave the error out.");
        list.AtLeast(1, "scheduler.max_queued_requests", given.MaxQueuedRequests, "Leave it out for no limit.");
        CheckPreemption(list, given, batching);
        list.Require(given.EnablePrefixCaching is not true || batching == Batching.Continuous, "scheduler.enable_prefix_caching",
            "true", "false, with static or dynamic batching, which keep no content", "Use batching: continuous, or leave it out.");
        list.Require(given.EnablePrefixCaching is not true || given.Preemption == PreemptionMode.Recompute,
            "scheduler.enable_prefix_caching", "true", "false, with preemption: swap",
            "Use preemption: recompute, after which a request finds what is left of its blocks, or leave it out.");
    }

    private static void CheckPreemption(ProblemList list, SchedulerSpec given, Batching batching)
    {
        bool swaps = given.Preemption == PreemptionMode.Swap;
        list.Known("scheduler.preemption", given.Preemption);
        list.Require(!swaps || batching == Batching.Continuous, "scheduler.preemption", "swap",
            "recompute, with static or dynamic batching, which throw nobody out", "Use batching: continuous, or leave preemption out.");
        list.Require(given.SwapSpaceGib is null or (>= 0 and <= MostSwapSpaceGib), "scheduler.swap_space_gib", given.SwapSpaceGib,
            $"GiB of host memory for each GPU from 0 to {MostSwapSpaceGib}", $"Leave it out for {SchedulerSpec.DefaultSwapSpaceGib} GiB.");
        list.Require(given.SwapSpaceGib is null || swaps, "scheduler.swap_space_gib", given.SwapSpaceGib, "only with preemption: swap",
            "Add preemption: swap, or leave the swap space out.");
    }

    /// <summary>The knobs together with the rest of the scenario.</summary>
    public static void CheckTogether(ProblemList list, SimulatorConfig config, SchedulerDefaults set)
    {
        int maxNumSeqs = set.MaxNumSeqs;
        SchedulerSpec given = config.Scheduler;
        list.Require(given.BatchSize is null || set.Batching == Batching.Continuous || given.BatchSize <= maxNumSeqs,
            "scheduler.batch_size", given.BatchSize, $"at most max_num_seqs, which is {maxNumSeqs}",
            "Lower it, or raise max_num_seqs.");
        int size = given.BatchSize ?? maxNumSeqs;
        int replicas = Math.Max(1, config.Parallelism.DataParallel);
        int? clients = config.Workload.MaxConcurrency;
        list.Require(set.Batching != Batching.Static || size < 1 || clients is null or < 1 || (long)replicas * (size - 1) < clients,
            "scheduler.batch_size", size,
            $"with max_concurrency {clients} at most {1 + ((clients - 1) / replicas)}, or batches might wait for ever to be full",
            "Lower it, raise max_concurrency, or use dynamic batching.");
        list.Require(given.Batching != Batching.Static || config.Workload.Sessions is null, "scheduler.batching", "static",
            "continuous or dynamic, with workload.turns, or batches might wait for ever to be full", "Use dynamic batching, with a window.");
        list.Require(given.MaxQueuedRequests is null || clients is null || config.Workload.ThinkSeconds > 0, "scheduler.max_queued_requests",
            given.MaxQueuedRequests, "with max_concurrency only if clients think: one that is refused would send again at once, without end",
            "Give a think_time above 0.");
        list.Require(set.Batching != Batching.Static || given.MaxQueuedRequests is null or < 1 || given.MaxQueuedRequests >= size,
            "scheduler.max_queued_requests", given.MaxQueuedRequests, $"with static batches of {size} at least {size}, or none is ever full",
            "Raise it, or lower batch_size.");
        list.Require(given.Policy != SchedulingPolicy.Priority || config.Workload.Classes.Count > 0, "scheduler.policy",
            Name(given.Policy), "fcfs or sjf, or priority with workload.classes, which have the priorities",
            "Describe the classes in a scenario file, each with its priority.");
        list.Require(given.Policy != SchedulingPolicy.Fair || config.Workload is { Classes.Count: > 0 } or { Trace: not null }, "scheduler.policy",
            Name(given.Policy), "fair only with workload.classes, or a trace with classes: they are the tenants",
            "Describe the classes in a scenario file, each with its weight.");
        list.Require(given.Policy != SchedulingPolicy.Edf || HaveDeadlines(config), "scheduler.policy", Name(given.Policy),
            "edf only where every request has a deadline, its time to first token",
            "Set objectives.ttft_ms (--goodput ttft:500), or ttft_ms of each of workload.classes.");
    }

    private static bool HaveDeadlines(SimulatorConfig config) => config.Objectives.TtftMilliseconds is not null
        || (config.Workload.Classes is { Count: > 0 } classes && classes.All(c => c.FirstTokenMilliseconds is not null));

    private static string Name(SchedulingPolicy policy) => policy.ToString().ToLowerInvariant();
}
