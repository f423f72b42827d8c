using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Reporting.Timeline;

/// <summary>
/// Writes a run, or a window of it, for Perfetto and chrome://tracing: a process a replica with a thread a pipeline stage, on which steps are
/// slices; counters of queue, seats, KV blocks and batch; each request's way through its stages; arrows from arrivals to first steps.
/// </summary>
/// <remarks>
/// Only requests under way are kept in memory. A step that overlaps the window is written whole; a request under way at its start or end
/// begins or ends there.
/// </remarks>
internal sealed class TimelineLog : SimulationObserver, IDisposable
{
    /// <summary>Events after which a timeline ends: about 150 MB, as much as viewers take without trouble.</summary>
    public const long MostEvents = 1_000_000;

    private readonly TimeWindow _window;
    private readonly long _mostEvents;
    private readonly TraceEventWriter _writer;
    private readonly Dictionary<long, RequestTrack> _underWay = [];
    private readonly List<ReplicaTrack> _replicas = [];
    private readonly List<RequestTrack> _first = [];
    private SimTime _latest;
    private bool _isOpen;
    private bool _isOver;

    /// <summary>Starts a timeline.</summary>
    /// <param name="output">Where to; it stays open.</param>
    /// <param name="window">The part of the run to write.</param>
    /// <param name="mostEvents">Events after which it ends. At least 1.</param>
    public TimelineLog(Stream output, TimeWindow window, long mostEvents = MostEvents)
    {
        _window = window;
        _mostEvents = mostEvents;
        _writer = new TraceEventWriter(output);
        _writer.Open();
    }

    /// <inheritdoc />
    public override SimulationEvents Interests =>
        SimulationEvents.RequestArrived | SimulationEvents.RequestTokenized | SimulationEvents.PrefillFinished | SimulationEvents.RequestFinished
        | SimulationEvents.RequestRejected | SimulationEvents.RequestAborted | SimulationEvents.BatchFormed;

    /// <summary>When it ended because there were too many events; null if it did not.</summary>
    public SimTime? CutAt { get; private set; }

    /// <summary>Whether the run ended before the window began.</summary>
    public bool IsEmpty => _isOver && !_isOpen;

    /// <inheritdoc />
    public override void Handle(in RequestArrived e)
    {
        if (!GoTo(e.Time))
        {
            return;
        }

        var request = new RequestTrack(e.RequestId, e.Time, e.InputTokens, e.OutputTokens);
        _underWay.Add(e.RequestId, request);
        if (_isOpen)
        {
            Begin(request, e.Time);
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestTokenized e)
    {
        if (GoTo(e.Time) && _underWay.TryGetValue(e.RequestId, out RequestTrack? request))
        {
            Enter(RequestStage.Queued, request, e.Time);
        }
    }

    /// <inheritdoc />
    public override void Handle(in PrefillFinished e)
    {
        // One that was thrown out meanwhile waits again.
        if (GoTo(e.Time) && _underWay.TryGetValue(e.RequestId, out RequestTrack? request) && request.IsSeated)
        {
            Enter(RequestStage.Decode, request, e.Time);
        }
    }

    /// <inheritdoc />
    public override void Handle(in RequestFinished e) => Leave(e.RequestId, "finished", e.Time);

    /// <inheritdoc />
    public override void Handle(in RequestRejected e) => Leave(e.RequestId, "rejected", e.Time, e.Reason);

    /// <inheritdoc />
    public override void Handle(in RequestAborted e) => Leave(e.RequestId, "aborted", e.Time);

    /// <inheritdoc />
    public override void Handle(in BatchFormed e)
    {
        if (!GoTo(e.Time))
        {
            return;
        }

        ReplicaTrack replica = ReplicaOf(e.Step);
        foreach (long id in e.Step.Preempted)
        {
            Preempt(id, e.Time);
        }

        _first.Clear();
        if (e.Step.Admitted.Count + e.Step.Resumed.Count > 0)
        {
            Admit(e.Step, replica);
        }

        var label = new StepLabel(e.Step);
        WriteStages(e.Step, label, replica);
        Change(replica, replica.Waiting, e.Step.Waiting, e.Time);
        Change(replica, replica.Running, e.Step.Running, e.Time);
        Change(replica, replica.UsedBlocks, e.Step.UsedBlocks, e.Time);
        Change(replica, replica.BatchTokens, label.Tokens, e.Step.Start);
    }

    /// <summary>Ends the timeline with the run, if nothing ended it before.</summary>
    public void Finish()
    {
        if (!_isOver)
        {
            End(_latest);
        }
    }

    public void Dispose() => _writer.Dispose();

    // Whether the timeline goes on up to then.
    private bool GoTo(SimTime time)
    {
        if (_isOver)
        {
            return false;
        }

        _latest = time;
        if (!_isOpen && time >= _window.From)
        {
            Open();
        }

        if (time >= _window.To)
        {
            End(_window.To);
        }
        else if (_writer.Count >= _mostEvents)
        {
            CutAt = time;
            End(time);
        }

        return !_isOver;
    }

    private void Open()
    {
        _isOpen = true;
        foreach (RequestTrack request in _underWay.Values.OrderBy(request => request.Id))
        {
            Begin(request, _window.From);
        }

        foreach (ReplicaTrack replica in _replicas)
        {
            foreach (Counter counter in replica.Counters)
            {
                _writer.Changed(replica.Process, counter, _window.From);
            }
        }
    }

    private void End(SimTime time)
    {
        foreach (RequestTrack request in _isOpen ? _underWay.Values.OrderBy(request => request.Id) : Enumerable.Empty<RequestTrack>())
        {
            TellArrival(request);
            _writer.EndStage(request, time);
            _writer.EndRequest(request.Id, time);
        }

        _isOver = true;
        _underWay.Clear();
        _writer.Close(isCut: CutAt is not null);
    }

    private void Begin(RequestTrack request, SimTime time)
    {
        _writer.BeginRequest(request, time);
        _writer.BeginStage(request, time);
    }

    private void Enter(RequestStage stage, RequestTrack request, SimTime time)
    {
        if (request.Stage == stage)
        {
            return;
        }

        if (_isOpen)
        {
            _writer.EndStage(request, time);
        }

        request.Enter(stage);
        if (_isOpen)
        {
            _writer.BeginStage(request, time);
        }
    }

    private void Leave(long id, string how, SimTime time, string? reason = null)
    {
        if (!GoTo(time) || !_underWay.Remove(id, out RequestTrack? request))
        {
            return;
        }

        if (_isOpen)
        {
            TellArrival(request);
            _writer.EndStage(request, time);
            _writer.Mark(id, how, time, reason);
            _writer.EndRequest(id, time);
        }

        request.Enter(RequestStage.Gone);
        if (request.Replica is { Seats: 0 } replica)
        {
            // No step will say so.
            Change(replica, replica.Running, 0, time);
            Change(replica, replica.UsedBlocks, 0, time);
            Change(replica, replica.BatchTokens, 0, time);
        }
    }

    private void Preempt(long id, SimTime time)
    {
        if (!_underWay.TryGetValue(id, out RequestTrack? request))
        {
            return;
        }

        if (_isOpen)
        {
            _writer.Mark(id, "preempted", time);
        }

        Enter(RequestStage.Queued, request, time);
    }

    private void Admit(StepRecord step, ReplicaTrack replica)
    {
        foreach (ScheduledSequence sequence in step.Scheduled)
        {
            Seat(sequence.RequestId, sequence.IsPrefill ? RequestStage.Prefill : RequestStage.Decode);
        }

        // A static batch takes its members at once, their prompts follow step by step.
        foreach (long id in step.Admitted)
        {
            Seat(id, RequestStage.Prefill);
        }

        void Seat(long id, RequestStage stage)
        {
            if (_underWay.TryGetValue(id, out RequestTrack? request) && !request.IsSeated)
            {
                if (request.Replica is null)
                {
                    _first.Add(request);
                }

                request.Replica = replica;
                Enter(stage, request, step.Decided);
            }
        }
    }

    private void WriteStages(StepRecord step, in StepLabel label, ReplicaTrack replica)
    {
        for (int stage = 0; stage < step.Stages.Count; stage++)
        {
            (SimTime start, SimTime end) = step.Stages[stage];
            if (!_window.Overlaps(start, end))
            {
                continue;
            }

            _writer.Slice(replica.Process, stage + 1, label, start, end);
            foreach (RequestTrack request in stage == 0 ? _first : [])
            {
                if (TellArrival(request))
                {
                    _writer.Arrow(request, replica.Process, stage + 1, start);
                }
            }
        }

        _first.ForEach(request => TellArrival(request));
    }

    // An arrow must follow the slice that it starts at, so that arrivals are only told when it is known whether there is one.
    private bool TellArrival(RequestTrack request)
    {
        if (request.IsArrivalTold || !_window.Contains(request.Arrival))
        {
            return false;
        }

        request.IsArrivalTold = true;
        _writer.Arrival(request);
        return true;
    }

    private void Change(ReplicaTrack replica, Counter counter, long value, SimTime time)
    {
        if (counter.Set(value) && _window.Contains(time))
        {
            _writer.Changed(replica.Process, counter, time);
        }
    }

    private ReplicaTrack ReplicaOf(StepRecord step)
    {
        while (_replicas.Count <= step.Replica)
        {
            var another = new ReplicaTrack(_replicas.Count);
            _replicas.Add(another);
            _writer.NameProcess(another.Process, $"replica {another.Number}");
        }

        ReplicaTrack replica = _replicas[step.Replica];
        for (; replica.Stages < step.Stages.Count; replica.Stages++)
        {
            _writer.NameThread(replica.Process, replica.Stages + 1, $"stage {replica.Stages}");
        }

        return replica;
    }
}
