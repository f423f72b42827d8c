using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Specs;

namespace LlmSim.Conformance;

/// <summary>Replays a recorded schedule through the engine that people run and says where it first differs.</summary>
internal static class ScheduleReplay
{
    /// <summary>
    /// Replays twice: observed, to compare every field of every step, and unobserved, as in a normal run with its jumps, to
    /// compare each request's first and last token.
    /// </summary>
    /// <returns>Null when identical; otherwise the first difference in words.</returns>
    public static string? FirstDifference(RecordedSchedule schedule, bool stepByStep = false)
    {
        long[] ids = [.. schedule.Requests.Select(r => r.Id)];
        var recorder = new StepRecorder(schedule, ids);
        Run(schedule, new EventHub([recorder]), stepByStep);
        ReplayMeter jumped = Run(schedule, EventHub.Silent, stepByStep);
        return DifferentStep(schedule.Steps, recorder.Steps)
            ?? DifferentTimes(schedule, jumped, ids)
            ?? DifferentCounts(schedule, recorder.Steps, jumped);
    }

    private static ReplayMeter Run(RecordedSchedule schedule, EventHub events, bool stepByStep)
    {
        var meter = new ReplayMeter();
        using var source = new ReplaySource(schedule.Requests);
        var host = new HostSpec { TokenizationSecondsPerToken = 0 };
        new ServingRun(source, host, schedule.Limits, schedule.Clock, meter, events, stepByStep)
            .Run(CancellationToken.None);
        return meter;
    }

    private static string? DifferentStep(IReadOnlyList<RecordedStep> expected, List<RecordedStep> got)
    {
        for (int i = 0; i < Math.Min(expected.Count, got.Count); i++)
        {
            foreach (((string field, string want), (_, string have)) in expected[i].Fields().Zip(got[i].Fields()))
            {
                if (want != have)
                {
                    return $"step {i} at {expected[i].StartUs} us: {field}: expected {want}, got {have}";
                }
            }
        }

        return expected.Count == got.Count ? null : $"steps: expected {expected.Count}, got {got.Count}";
    }

    private static string? DifferentTimes(RecordedSchedule schedule, ReplayMeter meter, long[] ids)
    {
        if (meter.Records.Count != schedule.FinishUs.Count)
        {
            return $"summary: finished requests: expected {schedule.FinishUs.Count}, got {meter.Records.Count}";
        }

        foreach (RequestRecord record in meter.Records)
        {
            long id = ids[(int)record.Id];
            (long first, long finish) = (record.FirstToken.Nanoseconds / 1000, record.Finish.Nanoseconds / 1000);
            if (first != schedule.FirstTokenUs[id] || finish != schedule.FinishUs[id])
            {
                return $"summary: request {id}: expected first token at {schedule.FirstTokenUs[id]} us and last at "
                    + $"{schedule.FinishUs[id]} us, got {first} us and {finish} us";
            }
        }

        return null;
    }

    // What the file's summary says, against the steps; and some of it against the run that jumped.
    private static string? DifferentCounts(RecordedSchedule schedule, List<RecordedStep> steps, ReplayMeter jumped)
    {
        Dictionary<string, long> got = schedule.Format!.Counts(steps).ToDictionary();
        long thrownOut = got.GetValueOrDefault("retractions") + got["preemptions"];
        foreach ((string name, long want) in schedule.Counts)
        {
            if (got.TryGetValue(name, out long have) && have != want)
            {
                return $"summary: {name}: expected {want}, got {have}";
            }
        }

        return jumped.Preemptions != thrownOut ? $"summary: without observers {jumped.Preemptions} were thrown out, with them {thrownOut}"
            : null;
    }
}
