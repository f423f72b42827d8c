using System.Runtime.CompilerServices;
using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// The GPUs as the engine sees them: stages through which steps go in turn, each with one step at a time. A step enters a stage
/// when it has left the one before and the step ahead has left this one; the gaps in between are the pipeline's bubbles.
/// </summary>
/// <param name="cost">What a step costs in each stage.</param>
/// <param name="stages">Number of stages, at least 1.</param>
/// <param name="isWatched">Whether to keep when the latest step entered each stage.</param>
internal sealed class Pipeline(StepCostModel cost, int stages, bool isWatched)
{
    private readonly EngineClock[] _free = new EngineClock[stages];
    private readonly EngineClock[] _entered = isWatched ? new EngineClock[stages] : [];

    /// <summary>When the first stage has done all that was launched.</summary>
    public EngineClock FirstFree => _free[0];

    /// <summary>When the last stage has done all that was launched.</summary>
    public EngineClock LastFree => _free[^1];

    /// <summary>Sends a step with work in it through all stages, from its start on; sets its end.</summary>
    /// <returns>Quanta that the stages are busy with it, in sum.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Launch(ref StepInFlight step, in BatchShape shape)
    {
        if (_free.Length > 1)
        {
            return LaunchThrough(ref step, shape);
        }

        long quanta = cost.StepQuanta(shape);
        step.End = _free[0] = step.Start.Plus(quanta);
        return quanta;
    }

    private long LaunchThrough(ref StepInFlight step, in BatchShape shape)
    {
        EngineClock at = step.Start;
        long busy = 0;
        for (int stage = 0; stage < _free.Length; stage++)
        {
            long quanta = cost.StageQuanta(stage, shape);
            EngineClock entry = EngineClock.Max(at, _free[stage]);
            if (isWatched)
            {
                _entered[stage] = entry;
            }

            at = entry.Plus(quanta);
            _free[stage] = at;
            busy += quanta;
        }

        step.End = at;
        return busy;
    }

    /// <summary>When the latest step that was launched is in a stage of several.</summary>
    public (SimTime Start, SimTime End) Latest(int stage) =>
        (new SimTime(_entered[stage].Nanoseconds), new SimTime(_free[stage].Nanoseconds));

    /// <summary>All stages are done at this time: after a run of steps that went through one by one.</summary>
    public void Drain(EngineClock at)
    {
        for (int stage = 0; stage < _free.Length; stage++)
        {
            _free[stage] = at;
        }
    }
}
