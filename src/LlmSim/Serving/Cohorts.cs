using System.Diagnostics;
using LlmSim.Specs.Engines;
using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// The decode batches of an engine. Without a pipeline there is one, always ready, and nothing to launch or return. With a pipeline a request is not scheduled again before its
/// step is done: the requests of a step in flight stay together as a cohort, which the next call after its end schedules as a whole.
/// </summary>
internal sealed class Cohorts
{
    private readonly DecodeBatch[] _all;
    private readonly long[] _lastCalls;
    private readonly Stack<int> _idle = new();

    /// <summary>Creates the batches, all empty.</summary>
    /// <param name="pool">The requests.</param>
    /// <param name="limits">The engine's limits.</param>
    /// <param name="sumsSquares">Whether step times ask for the spread of contexts.</param>
    public Cohorts(RequestPool pool, EngineLimits limits, bool sumsSquares)
    {
        _all = [.. Enumerable.Range(0, limits.PipelineStages > 1 ? limits.PipelineStages + 1 : 1)
            .Select(_ => new DecodeBatch(
                pool, limits.BlockSize, limits.MaxModelLen, limits.Reservation != KvReservation.Completion,
                limits.Shares is null ? 0 : ClassBook.MostClasses, sumsSquares))];
        _lastCalls = new long[_all.Length];
        for (int i = 1; i < _all.Length; i++)
        {
            _idle.Push(i);
        }
    }

    /// <summary>A batch by its number.</summary>
    public DecodeBatch this[int index] => _all[index];

    /// <summary>Number of the batch that the next call schedules.</summary>
    public int ReadyIndex { get; private set; }

    /// <summary>The batch that the next call schedules; every other one is in flight or empty.</summary>
    public DecodeBatch Ready => _all[ReadyIndex];

    /// <summary>The scheduling call of the engine that launched a batch last.</summary>
    public long LastCall(int index) => _lastCalls[index];

    /// <summary>The ready batch goes into flight with a step.</summary>
    /// <returns>The batch that is ready now.</returns>
    public DecodeBatch Launch(ref StepInFlight step)
    {
        step.Cohort = ReadyIndex;
        _lastCalls[ReadyIndex] = step.Call;
        ReadyIndex = _idle.Pop();
        return Ready;
    }

    /// <summary>A step's batch is back: it is the ready one unless all its requests have left.</summary>
    /// <returns>The batch that is ready now.</returns>
    public DecodeBatch Return(in StepInFlight step)
    {
        if (_all[step.Cohort].Count > 0)
        {
            Debug.Assert(Ready.Count == 0, "a batch that is back is scheduled before the next one is");
            _idle.Push(ReadyIndex);
            ReadyIndex = step.Cohort;
        }
        else
        {
            _idle.Push(step.Cohort);
        }

        return Ready;
    }
}
