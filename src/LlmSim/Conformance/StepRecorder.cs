using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Conformance;

/// <summary>Writes down the steps of a simulation in the form of recorded schedules.</summary>
/// <param name="ids">The recorded ids by the engine's own, which count in order of arrival.</param>
internal sealed class StepRecorder(IReadOnlyList<long> ids) : SimulationObserver
{
    /// <summary>The steps so far that scheduled or preempted something.</summary>
    public List<RecordedStep> Steps { get; } = [];

    /// <inheritdoc />
    public override SimulationEvents Interests => SimulationEvents.BatchFormed;

    /// <inheritdoc />
    public override void Handle(in BatchFormed e)
    {
        StepRecord step = e.Step;
        if (step.Scheduled.Count + step.Preempted.Count == 0)
        {
            return;
        }

        Steps.Add(new RecordedStep(
            Microseconds(step.Decided),
            Microseconds(step.Start),
            Microseconds(step.End),
            [.. step.Scheduled.Select(s => (Recorded(s.RequestId), s.Tokens))],
            [.. step.Admitted.Select(Recorded)],
            [.. step.Resumed.Select(Recorded)],
            [.. step.Preempted.Select(Recorded)],
            [.. step.Cached.Select(c => (Recorded(c.RequestId), c.Tokens)).Order()],
            [.. step.Scheduled.Where(s => s.Finishes).Select(s => Recorded(s.RequestId))],
            step.Running,
            step.Waiting,
            step.FreeBlocks));
    }

    private long Recorded(long id) => ids[(int)id];

    private static long Microseconds(SimTime time) => time.Nanoseconds / 1000;
}
