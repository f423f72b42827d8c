using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The keys of the workload, as <see cref="ScenarioSchema"/> has those of the rest.</summary>
internal static class WorkloadSchema
{
    private static readonly ValueKind<double?> OptionalDouble = new OptionalKind<double>(Kinds.Double);

    private static readonly ValueKind<LengthSpec?> OptionalLength =
        new OptionalReferenceKind<LengthSpec>(Kinds.Length, () => new LengthSpec());

    private static readonly ObjectKind<RequestClassSpec> RequestClass = new(blank: () => new() { Name = "" })
    {
        { "name", Kinds.Text, c => c.Name, (c, v) => c with { Name = v }, true },
        { "share", Kinds.Double, c => c.Share, (c, v) => c with { Share = v } },
        { "input_len", OptionalLength, c => c.InputLength, (c, v) => c with { InputLength = v } },
        { "output_len", OptionalLength, c => c.OutputLength, (c, v) => c with { OutputLength = v } },
        { "prefix_len", Kinds.Int, c => Prefix(c).Tokens, (c, v) => c with { Prefix = Prefix(c) with { Tokens = v } }, false, HasPrefix },
        { "num_prefixes", Kinds.Int, c => Prefix(c).Count, (c, v) => c with { Prefix = Prefix(c) with { Count = v } }, false, HasPrefix },
        { "prefix_skew", Kinds.Double, c => Prefix(c).Skew, (c, v) => c with { Prefix = Prefix(c) with { Skew = v } }, false, HasPrefix },
        { "priority", Kinds.Int, c => c.Priority, (c, v) => c with { Priority = v } },
        { "weight", Kinds.Double, c => c.Weight, (c, v) => c with { Weight = v } },
        { "timeout", OptionalDouble, c => c.TimeoutSeconds, (c, v) => c with { TimeoutSeconds = v } },
        { "ttft_timeout", OptionalDouble, c => c.TtftTimeoutSeconds, (c, v) => c with { TtftTimeoutSeconds = v } },
        { "ttft_ms", OptionalDouble, c => c.FirstTokenMilliseconds, (c, v) => c with { FirstTokenMilliseconds = v } },
        { "tpot_ms", OptionalDouble, c => c.PerTokenMilliseconds, (c, v) => c with { PerTokenMilliseconds = v } },
        { "e2e_ms", OptionalDouble, c => c.EndToEndMilliseconds, (c, v) => c with { EndToEndMilliseconds = v } },
    };

    /// <summary>The workload.</summary>
    public static ObjectKind<WorkloadSpec> Workload { get; } = new()
    {
        { "arrival", Kinds.Arrival, w => w.Arrival, (w, v) => w with { Arrival = v }, false, IsDrawn },
        { "burstiness", Kinds.Burstiness, w => w.Burstiness, (w, v) => w with { Burstiness = v }, false, IsDrawn },
        { "request_rate", Kinds.Rate, w => w.RequestRatePerSecond, (w, v) => w with { RequestRatePerSecond = v }, false, HasMeanRate },
        {
            "rate_curve", new OptionalReferenceKind<RateCurveSpec>(new RateCurveKind(), () => new()),
            w => w.RateCurve, (w, v) => w with { RateCurve = v }, false, IsDrawn
        },
        {
            "max_concurrency", new OptionalKind<int>(Kinds.Int), w => w.MaxConcurrency,
            (w, v) => w with { MaxConcurrency = v }
        },
        { "timeout", OptionalDouble, w => w.TimeoutSeconds, (w, v) => w with { TimeoutSeconds = v } },
        { "ttft_timeout", OptionalDouble, w => w.TtftTimeoutSeconds, (w, v) => w with { TtftTimeoutSeconds = v } },
        { "think_time", Kinds.Double, w => w.ThinkSeconds, (w, v) => w with { ThinkSeconds = v } },
        {
            "turns", OptionalLength, w => w.Sessions?.Turns,
            (w, v) => w with { Sessions = v is null ? null : (w.Sessions ?? new()) with { Turns = v } }, false, HasSessions
        },
        {
            "num_sessions", new OptionalKind<long>(Kinds.Long), w => w.Sessions?.Count,
            (w, v) => w.Sessions is null ? w : w with { Sessions = w.Sessions with { Count = v } }, false, HasSessions
        },
        { "input_len", Kinds.Length, w => w.InputLength, (w, v) => w with { InputLength = v }, false, HasLaws },
        { "output_len", Kinds.Length, w => w.OutputLength, (w, v) => w with { OutputLength = v }, false, HasLaws },
        { "range_ratio", Kinds.Double, w => w.RangeRatio, (w, v) => w with { RangeRatio = v }, false, HasLaws },
        { "length_correlation", Kinds.Double, w => w.LengthCorrelation, (w, v) => w with { LengthCorrelation = v }, false, HasLaws },
        { "prefix_len", Kinds.Int, w => Prefix(w).Tokens, (w, v) => w with { Prefix = Prefix(w) with { Tokens = v } }, false, HasPrefix },
        { "num_prefixes", Kinds.Int, w => Prefix(w).Count, (w, v) => w with { Prefix = Prefix(w) with { Count = v } }, false, HasPrefix },
        { "prefix_skew", Kinds.Double, w => Prefix(w).Skew, (w, v) => w with { Prefix = Prefix(w) with { Skew = v } }, false, HasPrefix },
        {
            "distinct_prompts", new OptionalKind<int>(Kinds.Int), w => w.DistinctPrompts, (w, v) => w with { DistinctPrompts = v },
            false, w => w is { Trace: null, DistinctPrompts: not null }
        },
        {
            "classes", new ListKind<RequestClassSpec>(RequestClass, () => new() { Name = "" }),
            w => w.Classes, (w, v) => w with { Classes = v }
        },
        { "dataset", Kinds.Path, w => w.DatasetPath, (w, v) => w with { DatasetPath = v }, false, IsDrawn },
        { "trace", new TracePathKind(), w => w.Trace, (w, v) => w with { Trace = v }, false, IsTrace },
        { "trace_scale", Kinds.Double, w => w.Trace?.Scale ?? 1, (w, v) => Set(w, t => t with { Scale = v }), false, IsTrace },
        { "trace_span", OptionalDouble, w => w.Trace?.SpanSeconds, (w, v) => Set(w, t => t with { SpanSeconds = v }), false, IsTrace },
        { "trace_start", Kinds.Double, w => w.Trace?.StartSeconds ?? 0, (w, v) => Set(w, t => t with { StartSeconds = v }), false, IsTrace },
        { "trace_end", OptionalDouble, w => w.Trace?.EndSeconds, (w, v) => Set(w, t => t with { EndSeconds = v }), false, IsTrace },
        { "trace_repeat", Kinds.Int, w => w.Trace?.Repeat ?? 1, (w, v) => Set(w, t => t with { Repeat = v }), false, IsTrace },
        { "trace_class", Kinds.OptionalText, w => w.Trace?.Class, (w, v) => Set(w, t => t with { Class = v }), false, IsTrace },
        { "num_requests", new OptionalKind<long>(Kinds.Long), w => w.NumRequests, (w, v) => w with { NumRequests = v }, false, w => !HasSessions(w) },
        { "duration", OptionalDouble, w => w.DurationSeconds, (w, v) => w with { DurationSeconds = v } },
    };

    private static bool IsTrace(WorkloadSpec workload) => workload.Trace is not null;

    private static bool IsDrawn(WorkloadSpec workload) => workload.Trace is null;

    private static bool HasLaws(WorkloadSpec workload) => workload is { Trace: null, DatasetPath: null };

    private static bool HasMeanRate(WorkloadSpec workload) => workload is { Trace: null, RateCurve: null or { IsRamp: false } };

    private static bool HasSessions(WorkloadSpec workload) => workload is { Trace: null, Sessions: not null };

    private static bool HasPrefix(WorkloadSpec workload) => workload is { Trace: null, Prefix: not null };

    private static bool HasPrefix(RequestClassSpec one) => one.Prefix is not null;

    private static PrefixSpec Prefix(WorkloadSpec workload) => workload.Prefix ?? new PrefixSpec();

    private static PrefixSpec Prefix(RequestClassSpec one) => one.Prefix ?? new PrefixSpec();

    /// <summary>A tool without a trace, or conversations without turns, are found by <see cref="WorkloadKeys"/>.</summary>
    private static WorkloadSpec Set(WorkloadSpec workload, Func<TraceSpec, TraceSpec> change) =>
        workload.Trace is null ? workload : workload with { Trace = change(workload.Trace) };
}
