using System.Globalization;
using LlmSim.Costs;
using LlmSim.Planning.Plans;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Reporting;

/// <summary>How values are written in files and on the screen.</summary>
internal static class Words
{
    /// <summary>A share in percent with one decimal.</summary>
    public static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    /// <summary>A class of step time.</summary>
    public static string Of(CostClass costClass) => costClass switch
    {
        CostClass.Compute => "compute",
        CostClass.Memory => "memory",
        CostClass.Communication => "communication",
        CostClass.Latency => "latency",
        CostClass.Host => "host",
        _ => throw new ArgumentOutOfRangeException(nameof(costClass), costClass, "not a known class"),
    };

    /// <summary>A layout; what is 1 is left out, but for tensor parallelism.</summary>
    public static string Of(ParallelismSpec layout)
    {
        string pipeline = layout.PipelineParallel > 1 ? $", {layout.PipelineParallel} pipeline stages" : "";
        string replicas = layout.DataParallel > 1 ? $", {layout.DataParallel} replicas, {Of(layout.Routing)}" : "";
        return $"tensor parallel {layout.TensorParallel}{pipeline}{replicas}";
    }

    /// <summary>A deployment of a plan with its GPUs.</summary>
    public static string OfDeployment(PlanOutcome outcome) => $"{outcome.Candidate.Gpus} x {outcome.Candidate.Gpu.Name}, {OfLayout(outcome)}";

    /// <summary>How a deployment of a plan differs from others on the same GPUs.</summary>
    public static string OfLayout(PlanOutcome outcome)
    {
        PlanCandidate one = outcome.Candidate;
        string pipeline = one.PipelineParallel > 1 ? $" pp {one.PipelineParallel}" : "";
        string replicas = one.Replicas > 1 ? $" x {one.Replicas} replicas" : "";
        string weights = one.WeightType is { } type ? $", {Of(type)}" : "";
        string seats = one.MaxNumSeqs is { } most ? $", max_num_seqs {most}" : "";
        string tokens = one.MaxNumBatchedTokens is { } budget ? $", max_num_batched_tokens {budget}" : "";
        return $"tp {one.TensorParallel}{pipeline}{replicas}{weights}{seats}{tokens}";
    }

    /// <summary>How many steps the engine's loop has in flight.</summary>
    public static string OfLoop(SimulatorConfig config) =>
        config.Parallelism.PipelineParallel > 1 ? $"{config.Parallelism.PipelineParallel} batches in flight"
        : SchedulerDefaults.Resolve(config).AsyncScheduling ? "asynchronous scheduling"
        : "synchronous scheduling";

    /// <summary>The engine's name before its knobs; nothing for vLLM, whose knobs they are.</summary>
    public static string OfEngine(SimulatorConfig config) => config.Engine is VllmEngine ? "" : $"{config.Engine}, ";

    /// <summary>A routing policy.</summary>
    public static string Of(RoutingPolicy policy) => policy switch
    {
        RoutingPolicy.RoundRobin => "round robin",
        RoutingPolicy.LeastOutstanding => "least outstanding",
        RoutingPolicy.LeastKv => "least KV",
        RoutingPolicy.PowerOfTwo => "power of two choices",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a known policy"),
    };

    /// <summary>A number format, as engines' flags write it.</summary>
    public static string Of(DataType type) => type switch
    {
        DataType.Bf16 => "bf16",
        DataType.Fp16 => "fp16",
        DataType.Fp32 => "fp32",
        DataType.Fp8 => "fp8",
        DataType.Int8 => "int8",
        DataType.Int4 => "int4",
        DataType.Mxfp4 => "mxfp4",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a known data type"),
    };

    /// <summary>How requests come into batches.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="maxNumSeqs">The batch size where none is given.</param>
    public static string OfBatching(SimulatorConfig config, int maxNumSeqs)
    {
        SchedulerSpec given = config.Scheduler;
        int size = given.BatchSize ?? maxNumSeqs;
        return (given.Batching ?? config.Engine.Batching) switch
        {
            Batching.Static => $"static batches of {size}",
            Batching.Dynamic => $"dynamic batches of up to {size}, window {given.BatchWindowSeconds ?? 0} s",
            _ => OfLoop(config) + (given.Policy == SchedulingPolicy.Fcfs ? "" : $", policy {$"{given.Policy}".ToLowerInvariant()}")
                + (given.Preemption == PreemptionMode.Swap
                    ? $", swapping to {given.SwapSpaceGib ?? SchedulerSpec.DefaultSwapSpaceGib} GiB of host memory a GPU" : ""),
        };
    }

    /// <summary>A law of lengths, as files and flags write it.</summary>
    public static string Of(LengthSpec length) => length.Distribution switch
    {
        LengthDistribution.Fixed => $"{length.Mean}",
        LengthDistribution.Uniform => $"uniform:{length.Min}..{length.Max}",
        LengthDistribution.Lognormal => $"lognormal:mean={length.Mean},sigma={length.Sigma}",
        LengthDistribution.Normal => $"normal:mean={length.Mean},sigma={length.Sigma}",
        LengthDistribution.Exponential => $"exponential:mean={length.Mean}",
        LengthDistribution.Zipf => $"zipf:shape={length.Shape},min={length.Min},max={length.Max}",
        LengthDistribution.Pareto => $"pareto:shape={length.Shape},min={length.Min},max={length.Max}",
        LengthDistribution.Empirical => $"empirical:{Path.GetFileName(length.Path)}",
        _ => throw new ArgumentOutOfRangeException(nameof(length), length.Distribution, "not a known law"),
    };

    /// <summary>The lengths of a workload without a trace.</summary>
    public static string OfLengths(WorkloadSpec workload) =>
        workload.DatasetPath is { } path ? $"lengths of {Path.GetFileName(path)}"
        : workload.Classes.Count > 0 ? $"{workload.Classes.Count} classes"
        : $"input {Of(workload.InputLength)}, output {Of(workload.OutputLength)} tokens"
            + (workload.RangeRatio == 0 ? "" : $" +/- {workload.RangeRatio * 100:0.#}%")
            + (workload.LengthCorrelation == 0 ? "" : $", rank correlation {workload.LengthCorrelation:0.##}");

    /// <summary>What the prompts of a workload without a trace share; empty for nothing.</summary>
    public static string OfContent(WorkloadSpec workload) =>
        (workload.Sessions is not { } sessions ? ""
            : $", conversations of {Of(sessions.Turns)} turns"
                + (workload is { ThinkSeconds: > 0, MaxConcurrency: null } ? $" thinking {workload.ThinkSeconds:0.###} s" : ""))
        + (workload.Prefix is not { Tokens: > 0 } prefix ? ""
            : prefix.Count == 1 ? $", after a prefix of {prefix.Tokens}"
            : $", after one of {prefix.Count} prefixes of {prefix.Tokens}" + (prefix.Skew == 0 ? "" : $", skew {prefix.Skew:0.##}"))
        + (workload.DistinctPrompts is { } count ? $", {count} prompts again and again" : "");

    /// <summary>A trace and what is done with it.</summary>
    public static string OfTrace(TraceSpec trace) =>
        $"trace {Path.GetFileName(trace.Path)}"
        + (trace.Class is null ? "" : $", class {trace.Class}")
        + (trace is { StartSeconds: 0, EndSeconds: null } ? ""
            : $", from {trace.StartSeconds:0.###} s to {(trace.EndSeconds is { } end ? $"{end:0.###} s" : "its end")}")
        + (trace.Repeat == 1 ? "" : $", {trace.Repeat} times")
        + (trace.Scale == 1 ? "" : $", rate x {trace.Scale:0.###}")
        + (trace.SpanSeconds is { } span ? $", stretched to {span:0.###} s" : "");

    /// <summary>How the requests of a workload without a trace are spaced.</summary>
    public static string OfArrivals(WorkloadSpec workload)
    {
        string gaps = workload.Arrival == ArrivalProcess.Deterministic || double.IsPositiveInfinity(workload.Burstiness) ? "evenly spaced"
            : workload.Burstiness == 1 ? "Poisson"
            : $"gamma (burstiness {workload.Burstiness:0.###})";
        if (workload is { RequestRatePerSecond: double.PositiveInfinity, RateCurve: null })
        {
            return "all at once" + OfClients(workload);
        }

        string mean = $"{gaps} {workload.RequestRatePerSecond:0.###} {(workload.Sessions is null ? "req" : "conversations")}/s";
        return OfRate(workload, gaps, mean) + OfClients(workload);
    }

    /// <summary>How many requests clients send at once; empty without a limit.</summary>
    public static string OfClients(WorkloadSpec workload) => workload.MaxConcurrency is not { } clients ? ""
        : $", {clients} client{(clients == 1 ? "" : "s")}" + (workload.ThinkSeconds == 0 ? "" : $" thinking {workload.ThinkSeconds:0.###} s");

    /// <summary>When clients give up; empty where they wait for ever.</summary>
    public static string OfPatience(WorkloadSpec workload)
    {
        string whole = workload.TimeoutSeconds is { } answer ? $", time-out {answer:0.###} s" : "";
        return whole + (workload.TtftTimeoutSeconds is { } first ? $", of the first token {first:0.###} s" : "");
    }

    private static string OfRate(WorkloadSpec workload, string gaps, string mean)
    {
        return workload.RateCurve switch
        {
            null => mean,
            { IsRamp: true } c => $"{gaps} {c.StartRatePerSecond:0.###} to {c.EndRatePerSecond:0.###} req/s "
                + (c.Curve == RateCurve.Linear ? "linearly" : "exponentially"),
            { Curve: RateCurve.Diurnal } c => $"{mean} +/- {c.Amplitude * 100:0.#}% over {c.PeriodSeconds:0.###} s",
            { } c => $"{mean} in bursts, {c.OnSeconds:0.###} s on, {c.OffSeconds:0.###} s off",
        };
    }
}
