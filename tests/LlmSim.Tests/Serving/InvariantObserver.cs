using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving;

/// <summary>Checks, event by event, what must hold in any simulation.</summary>
internal sealed class InvariantObserver(EngineLimits limits) : SimulationObserver
{
    private readonly Dictionary<long, RequestArrived> _arrived = [];
    private readonly Dictionary<long, int> _emitted = [];
    private readonly HashSet<long> _ended = [];
    private readonly HashSet<long> _seated = [];
    private readonly HashSet<long> _preempted = [];
    private SimTime _now;

    public override SimulationEvents Interests => SimulationEvents.All;

    public int Events { get; private set; }

    public int FreeBlocks { get; private set; } = limits.UsableBlocks;

    public override void Handle(in RequestArrived e)
    {
        Advance(e.Time);
        Assert.True(_arrived.TryAdd(e.RequestId, e), "arrives once");
    }

    public override void Handle(in RequestTokenized e)
    {
        Advance(e.Time);
        Assert.Contains(e.RequestId, _arrived);
    }

    public override void Handle(in RequestScheduled e)
    {
        Advance(e.Time);
        Assert.True(_seated.Add(e.RequestId), "takes one seat");
        _preempted.Remove(e.RequestId);
    }

    public override void Handle(in RequestPreempted e)
    {
        Advance(e.Time);
        Assert.NotEqual(KvReservation.Completion, limits.Reservation);
        Assert.True(_seated.Remove(e.RequestId), "only a running request is preempted");
        _preempted.Add(e.RequestId);
    }

    public override void Handle(in PrefillStarted e) => Advance(e.Time);

    public override void Handle(in PrefillFinished e) => Advance(e.Time);

    public override void Handle(in DecodeStepStarted e) => Advance(e.Time);

    public override void Handle(in DecodeStepFinished e) => Advance(e.Time);

    public override void Handle(in TokenEmitted e)
    {
        Advance(e.Time);
        int index = _emitted[e.RequestId] = _emitted.GetValueOrDefault(e.RequestId) + 1;
        Assert.Equal(index, e.Index);
        Assert.DoesNotContain(e.RequestId, _ended);
    }

    public override void Handle(in RequestFinished e)
    {
        Advance(e.Time);
        Assert.True(_ended.Add(e.RequestId), "ends once");
        _seated.Remove(e.RequestId);
        _preempted.Remove(e.RequestId);
        RequestArrived arrived = _arrived[e.RequestId];
        int expected = Math.Min(arrived.OutputTokens, limits.MaxModelLen - arrived.InputTokens);
        Assert.Equal((expected, expected), (e.OutputTokens, _emitted[e.RequestId]));
    }

    public override void Handle(in RequestRejected e)
    {
        Advance(e.Time);
        Assert.True(_ended.Add(e.RequestId), "ends once");
        Assert.True(_arrived[e.RequestId].InputTokens > limits.LongestPrompt || limits.MaxQueuedRequests > 0);
        Assert.DoesNotContain(e.RequestId, _seated);
    }

    public override void Handle(in RequestAborted e)
    {
        Advance(e.Time);
        Assert.True(_ended.Add(e.RequestId), "ends once");
        Assert.InRange(e.OutputTokens, _emitted.GetValueOrDefault(e.RequestId), _arrived[e.RequestId].OutputTokens);
        _seated.Remove(e.RequestId);
        _preempted.Remove(e.RequestId);
    }

    public override void Handle(in BatchFormed e)
    {
        Advance(e.Time);
        StepRecord step = e.Step;
        Assert.InRange(step.Scheduled.Sum(s => s.Tokens), 0, limits.MaxNumBatchedTokens);
        Assert.InRange(step.Running, 0, limits.MaxNumSeqs);
        Assert.InRange(step.Waiting, 0, limits.MaxQueuedRequests == 0 ? int.MaxValue : limits.MaxQueuedRequests + _preempted.Count);
        Assert.InRange(step.FreeBlocks, 0, limits.UsableBlocks);
        Assert.Equal(step.Scheduled.Count, step.Scheduled.Select(s => s.RequestId).Distinct().Count());
        Assert.All(step.Scheduled, s => Assert.Contains(s.RequestId, _seated));
        Assert.True(step.Decided <= step.Start && step.Start <= step.End);
        FreeBlocks = step.FreeBlocks;
    }

    /// <summary>After the run: every request ended, one way or the other.</summary>
    public void CheckEnd()
    {
        Assert.Equal(_arrived.Count, _ended.Count);
        Assert.Empty(_seated);
    }

    private void Advance(SimTime time)
    {
        Assert.True(time >= _now, $"time went back from {_now} to {time}");
        _now = time;
        Events++;
    }
}
