using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Keeps everything an engine reports, exactly, in a form two engines can be compared by.</summary>
internal sealed class ExactMeter(int maxTokens, int maxSequences) : ServingMeter
{
    private readonly SortedDictionary<long, long> _interTokenNs = [];
    private readonly List<long> _firstWaits = [];
    private readonly List<long> _resumedWaits = [];
    private readonly List<(long, long)> _firstTokens = [];
    private readonly List<long> _gaps = [];
    private readonly List<(int Tokens, int Hits, bool First)> _lookups = [];
    private readonly WorkTally _tally = new(maxTokens, maxSequences);
    private readonly List<(long Id, long ArrivalNs, long Ns)> _refused = [];
    private readonly List<AbortRecord> _aborted = [];
    private long _rejected;
    private Int128 _busyQuanta;
    private Int128 _interTokenQuanta;
    private Int128 _runningQuanta;
    private Int128 _blockQuanta;
    private Int128 _movedBlocks;
    private int _maxRunning;
    private int _maxBlocks;
    private int _maxWaiting;

    public List<RequestRecord> Records { get; } = [];

    public long ArrivedCount { get; private set; }

    /// <summary>Requests refused, be it at the queue or before.</summary>
    public long RejectedCount => _rejected + _refused.Count;

    /// <summary>Requests whose clients gave up.</summary>
    public IReadOnlyList<AbortRecord> AbortedRequests => _aborted;

    /// <summary>Requests refused at the queue: number, arrival, and when they were.</summary>
    public IReadOnlyList<(long Id, long ArrivalNs, long Ns)> RefusedRequests => _refused;

    /// <summary>Gaps between tokens in whole nanoseconds, but those of late ones, and how many there are of each.</summary>
    public IEnumerable<(long Ns, long Count)> InterTokenNs => _interTokenNs.Select(pair => (pair.Key, pair.Value));

    public long Preemptions { get; private set; }

    public long Swaps { get; private set; }

    public int Hits => _lookups.Count(l => l.Hits > 0);

    public long Steps { get; private set; }

    public long Runs { get; private set; }

    public int MaxRunning => _maxRunning;

    public int MaxBlocks => _maxBlocks;

    public WorkTally Tally => _tally;

    public override void Arrived(in ArrivingRequest request) => ArrivedCount++;

    public override void Rejected(in ArrivingRequest request) => _rejected++;

    public override void Aborted(in AbortRecord record) => _aborted.Add(record);

    public override void Refused(in InboundRequest request, long nowNs) =>
        _refused.Add((request.Id, request.ArrivalNs, nowNs));

    public override void Scheduled(long nowNs, long waitNs, bool first) => (first ? _firstWaits : _resumedWaits).Add(waitNs);

    public override void FirstToken(long sinceArrivalNs, long sinceScheduledNs) =>
        _firstTokens.Add((sinceArrivalNs, sinceScheduledNs));

    public override void ResumedToken(long gapNs) => _gaps.Add(gapNs);

    public override void Preempted(long nowNs) => Preemptions++;

    public override void SwappedOut() => Swaps++;

    public override void Moved(int blocks) => _tally.AddSwap(blocks);

    public override void LookedUp(int tokens, int hits, bool first) => _lookups.Add((tokens, hits, first));

    public override void Finished(in RequestRecord record) => Records.Add(record);

    public override void QueueLength(int waiting) => _maxWaiting = Math.Max(_maxWaiting, waiting);

    public override void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks)
    {
        _tally.AddStep(shape);
        _movedBlocks += shape.SwappedBlocks;
        Assert.Equal(_movedBlocks, _tally.SwappedBlocks);
        AddSteps(shape.DecodeSequences - shape.SilentSequences - shape.LateSequences, times, running);
        _blockQuanta += (Int128)usedBlocks * times.Span;
        _maxBlocks = Math.Max(_maxBlocks, usedBlocks);
    }

    public override void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0)
    {
        Runs++;
        _tally.AddDecodeRun(sequences, context, steps, cost.Spread);
        Int128 before = _busyQuanta;
        for (long i = 0; i < steps; i++)
        {
            long quanta = cost.First + (cost.Growth * i);
            AddSteps(sequences - silent, new StepTimes(quanta, quanta, quanta), running);
        }

        Assert.Equal(totalQuanta, _busyQuanta - before);
        _blockQuanta += blockQuanta;
        _maxBlocks = Math.Max(_maxBlocks, usedBlocks);
    }

    public override void Ended(long endNs)
    {
    }

    /// <summary>Everything as text, the same for the same behaviour.</summary>
    public string Fingerprint() => string.Join(
        '\n',
        $"arrived {ArrivedCount} rejected {RejectedCount} preempted {Preemptions} swapped {Swaps} moved {_movedBlocks} steps {Steps}",
        $"busy {_busyQuanta} itl {_interTokenQuanta} running {_runningQuanta} blocks {_blockQuanta}",
        $"max running {_maxRunning} blocks {_maxBlocks} waiting {_maxWaiting}",
        $"itl {string.Join(' ', _interTokenNs)}",
        $"waits {string.Join(' ', _firstWaits.Order())} | {string.Join(' ', _resumedWaits.Order())}",
        $"first {string.Join(' ', _firstTokens.Order())}",
        $"aborted {string.Join(' ', _aborted.OrderBy(record => record.Id))}",
        $"refused {string.Join(' ', _refused.Order())}",
        $"gaps {string.Join(' ', _gaps.Order())}",
        $"lookups {string.Join(' ', _lookups.Order())}",
        $"tally {string.Join(' ', _tally.StepsByTokens)} | {string.Join(' ', _tally.StepsByRows)}",
        $"tally {string.Join(' ', _tally.StepsBySequences)} | {_tally.StepsWithDecode} {_tally.StepsWithPrefill}",
        $"tally {_tally.DecodeContext} {_tally.PrefillContext} {_tally.PrefillPairs}",
        string.Join('\n', Records.OrderBy(record => record.Id)));

    private void AddSteps(int sequences, in StepTimes times, int running)
    {
        Steps++;
        _busyQuanta += times.Busy;
        _runningQuanta += (Int128)running * times.Span;
        _interTokenQuanta += (Int128)sequences * times.Gap;
        _maxRunning = Math.Max(_maxRunning, running);
        if (sequences > 0)
        {
            long ns = times.Gap >> 20;
            _interTokenNs[ns] = _interTokenNs.GetValueOrDefault(ns) + sequences;
        }
    }
}
