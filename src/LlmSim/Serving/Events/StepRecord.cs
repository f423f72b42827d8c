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
    private readonly List<(SimTime Start, SimTime End)> _stages = [];

    /// <summary>The replica that it was, from 0.</summary>
    public int Replica { get; internal set; }

    /// <summary>Number of the replica's call, from 1.</summary>
    public long Number { get; internal set; }

    /// <summary>When the scheduler decided.</summary>
    public SimTime Decided { get; internal set; }

    /// <summary>When the step starts on the GPU.</summary>
    public SimTime Start { get; internal set; }

    /// <summary>When the step ends on the GPU.</summary>
    public SimTime End { get; internal set; }

    /// <summary>When each pipeline stage computes it, in order; one stage without a pipeline, none where there is nothing to compute.</summary>
    public IReadOnlyList<(SimTime Start, SimTime End)> Stages => _stages;

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

    /// <summary>KV blocks held by requests right after the call: those that keep content which nobody uses now count as free.</summary>
    internal int UsedBlocks { get; set; }

    /// <summary>Decoding sequences in the step.</summary>
    public int DecodeSequences { get; private set; }

    /// <summary>KV blocks that nobody uses and that keep their content until somebody needs them; told apart by SGLang only.</summary>
    internal int EvictableBlocks { get; set; }

    /// <summary>SGLang's estimate of how much of their limits running requests will use, right after the call.</summary>
    internal double NewTokenRatio { get; set; }

    /// <summary>SGLang's turns without work right before this one.</summary>
    internal int IdleTurns { get; set; }

    /// <summary>The request whose prompt SGLang left unfinished in this step; −1 for none.</summary>
    internal long PartlyPrefilled { get; set; } = -1;

    internal void Clear()
    {
        PartlyPrefilled = -1;
        _scheduled.Clear();
        _admitted.Clear();
        _resumed.Clear();
        _preempted.Clear();
        _cached.Clear();
        _stages.Clear();
        DecodeSequences = 0;
    }

    internal void AddStage((SimTime Start, SimTime End) stage) => _stages.Add(stage);

    internal void AddScheduled(in ScheduledSequence sequence)
    {
        _scheduled.Add(sequence);
        DecodeSequences += sequence.IsPrefill ? 0 : 1;
    }

    /// <summary>These requests do not emit what they were to.</summary>
    internal void DropTokens(IReadOnlyCollection<long> ids)
    {
        for (int i = 0; i < _scheduled.Count && ids.Count > 0; i++)
        {
            if (ids.Contains(_scheduled[i].RequestId))
            {
                _scheduled[i] = _scheduled[i] with { EmitsIndex = 0, Finishes = false };
            }
        }
    }

    internal void AddAdmitted(long id, bool resumed, int cachedTokens = 0)
    {
        (resumed ? _resumed : _admitted).Add(id);
        _cached.Add((id, cachedTokens));
    }

    internal void AddPreempted(long id) => _preempted.Add(id);
}
