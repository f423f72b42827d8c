using LlmSim.Serving.Events;

namespace LlmSim.Conformance;

/// <summary>Writes down the steps of a simulation in the form of recorded schedules.</summary>
/// <param name="schedule">The schedule that is replayed.</param>
/// <param name="ids">The recorded ids by the engine's own, which count in order of arrival.</param>
internal sealed class StepRecorder(RecordedSchedule schedule, IReadOnlyList<long> ids) : SimulationObserver
{
    private readonly Queue<RecordedStep> _inFlight = new();

    /// <summary>The steps so far.</summary>
    public List<RecordedStep> Steps { get; } = [];

    /// <inheritdoc />
    public override SimulationEvents Interests => SimulationEvents.BatchFormed | SimulationEvents.RequestFinished;

    /// <inheritdoc />
    public override void Handle(in BatchFormed e)
    {
        if (schedule.Format!.Record(e.Step, ids, schedule.Limits) is { } step)
        {
            Steps.Add(step);
            _inFlight.Enqueue(step);
        }
    }

    // Who finishes is known only when a step's results are: what is in flight may be dropped.
    /// <inheritdoc />
    public override void Handle(in RequestFinished e)
    {
        while (_inFlight.Peek().EndUs < e.Time.Microseconds())
        {
            _inFlight.Dequeue();
        }

        _inFlight.Peek().Finished.Add(ids[(int)e.RequestId]);
    }
}
