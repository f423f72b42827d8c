using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with how a trace is used; the file itself is not looked at.</summary>
internal static class TraceChecks
{
    /// <summary>Checks the trace of a workload that has one.</summary>
    public static void Check(ProblemList list, WorkloadSpec workload, TraceSpec trace)
    {
        list.Require(trace.Path.Length > 0, "workload.trace", "an empty path", "the path of a trace, plain or gzip", "Name the file.");
        list.Require(trace.Scale is > 0 and < double.PositiveInfinity, "workload.trace_scale", trace.Scale,
            "a number above 0", "Use 1 for the trace's own rate, 2 for twice as many requests a second.");
        list.Positive("workload.trace_span", trace.SpanSeconds, "Give the seconds that the trace shall last.");
        list.Require(trace is { Scale: 1 } or { SpanSeconds: null }, "workload.trace_span", trace.SpanSeconds,
            "not together with trace_scale", "Remove one of the two.");
        list.NotNegative("workload.trace_start", trace.StartSeconds, "Give seconds since the trace's start; 0 leaves nothing out.");
        list.Require(trace.EndSeconds is null || trace.EndSeconds > trace.StartSeconds, "workload.trace_end", trace.EndSeconds,
            $"above trace_start, which is {trace.StartSeconds}", "Give a later end, or leave it out.");
        list.AtLeast(1, "workload.trace_repeat", trace.Repeat, "Use 1 to send the trace once.");
        list.Require(trace.Class is null || ClassBook.IsName(trace.Class), "workload.trace_class", $"'{trace.Class}'",
            "the name of a class", "Name a class, or leave it out.");
        list.Require(trace.Class is null || workload.Classes.Count == 0 || workload.Classes.Any(c => c.Name == trace.Class),
            "workload.trace_class", trace.Class, $"a class of workload.classes: {string.Join(", ", workload.Classes.Select(c => c.Name))}",
            "Choose one of these.");
    }
}
