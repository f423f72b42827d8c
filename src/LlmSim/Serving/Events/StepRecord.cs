using LlmSim.Simulation;

namespace LlmSim.Serving.Events;

/// <summary>What one call of the scheduler decided.</summary>
public sealed class StepRecord
{
    private readonly List<ScheduledSequence> _scheduled = [];
    private readonly List<long> _admitted = [];
    private readonly List<long> _resumed = [];
    private readonly List<long> _preempted = [];
    private readonly List<(long RequestId, int Tokens)> _cached = [];

    /// <summary>Number of the call, from 1.</summary>
    public long Number { get; internal set; }

    /// <summary>When the scheduler decided.</summary>
    public SimTime Decided { get; internal set; }

    /// <summary>When the step starts on the GPU.</summary>
    public SimTime Start { get; internal set; }

    /// <summary>When the step ends on the GPU.</summary>
    public SimTime End { get; internal set; }

    /// <summary>Sequences in the scheduler's order: running ones first, then the admitted.</summary>
    public IReadOnlyList<ScheduledSequence> Scheduled => _scheduled;

    /// <summary>Requests admitted for the first time, in order.</summary>
    public IReadOnlyList<long> Admitted => _admitted;

    /// <summary>Requests admitted again after a preemption, in order.</summary>
    public IReadOnlyList<long> Resumed => _resumed;

    /// <summary>Tokens that each admitted request, first or again, found computed in the prefix cache; zeros included, in order of admission.</summary>
    public IReadOnlyList<(long RequestId, int Tokens)> Cached => _cached;

    /// <summary>Requests thrown out, in order.</summary>
    public IReadOnlyList<long> Preempted => _preempted;

    /// <summary>Requests with a seat right after the call.</summary>
    public int Running { get; internal set; }

    /// <summary>Requests waiting right after the call.</summary>
    public int Waiting { get; internal set; }

    /// <summary>KV blocks free right after the call.</summary>
    public int FreeBlocks { get; internal set; }

    /// <summary>Decoding sequences in the step.</summary>
    public int DecodeSequences { get; private set; }

    internal void Clear()
    {
        _scheduled.Clear();
        _admitted.Clear();
        _resumed.Clear();
        _preempted.Clear();
        _cached.Clear();
        DecodeSequences = 0;
    }

    internal void AddScheduled(in ScheduledSequence sequence)
    {
        _scheduled.Add(sequence);
        DecodeSequences += sequence.IsPrefill ? 0 : 1;
    }

    internal void AddAdmitted(long id, bool resumed, int cachedTokens = 0)
    {
        (resumed ? _resumed : _admitted).Add(id);
        _cached.Add((id, cachedTokens));
    }

    internal void AddPreempted(long id) => _preempted.Add(id);
}
