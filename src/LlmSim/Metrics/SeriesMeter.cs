using System.Diagnostics;
using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Metrics;

/// <summary>
/// Adds up what happens in each interval of a run and hands on an interval when nothing can fall into it any more. A step that
/// runs over the end of an interval counts in both by its time; its tokens count where it ends.
/// </summary>
/// <remarks>Sums are exact integers, so the order in which replicas are simulated does not show.</remarks>
internal sealed class SeriesMeter : ForwardingMeter
{
    private readonly SeriesSink _sink;
    private readonly long _intervalNs;
    private readonly int _usableBlocks;
    private readonly int _replicas;
    private readonly bool _startsAtFirstArrival;
    private readonly ServingMeter _inner;
    private SeriesTally[] _open = new SeriesTally[16];
    private long _first;
    private long _end;
    private long _originNs = -1;
    private long _waiting;
    private long _lastNs;

    /// <summary>Starts with the interval from 0.</summary>
    /// <param name="inner">Who else counts.</param>
    /// <param name="sink">Takes the intervals.</param>
    /// <param name="intervalNs">Their length in nanoseconds. Above 0.</param>
    /// <param name="usableBlocks">KV blocks that requests can hold in a replica.</param>
    /// <param name="replicas">Replicas that report.</param>
    /// <param name="startsAtFirstArrival">Whether intervals are counted from the first request instead of from 0.</param>
    public SeriesMeter(ServingMeter inner, SeriesSink sink, long intervalNs, int usableBlocks, int replicas = 1, bool startsAtFirstArrival = false)
        : base(inner)
    {
        _inner = inner;
        _sink = sink;
        _intervalNs = intervalNs;
        _usableBlocks = usableBlocks;
        _replicas = replicas;
        _startsAtFirstArrival = startsAtFirstArrival;
    }

    /// <inheritdoc />
    public override void Arrived(in ArrivingRequest request)
    {
        long nanoseconds = request.Arrival.Nanoseconds;
        _originNs = _originNs >= 0 ? _originNs : _startsAtFirstArrival ? nanoseconds : 0;
        At(nanoseconds).Arrivals++;
        _inner.Arrived(in request);
    }

    /// <inheritdoc />
    public override void Queued(long arrivalNs, long readyNs)
    {
        Join(readyNs, 1);
        _inner.Queued(arrivalNs, readyNs);
    }

    /// <inheritdoc />
    public override void Refused(in InboundRequest request, long nowNs)
    {
        Join(nowNs, -1);
        _inner.Refused(in request, nowNs);
    }

    /// <inheritdoc />
    public override void Passed(long nowNs)
    {
        for (long over = RowOf(nowNs); _first < over;)
        {
            WriteFirst();
        }

        _inner.Passed(nowNs);
    }

    /// <inheritdoc />
    public override void Scheduled(long nowNs, long waitNs, bool first)
    {
        Join(nowNs, -1);
        _inner.Scheduled(nowNs, waitNs, first);
    }

    /// <inheritdoc />
    public override void Preempted(long nowNs)
    {
        Join(nowNs, 1);
        _inner.Preempted(nowNs);
    }

    /// <inheritdoc />
    public override void LeftQueue(long nowNs)
    {
        Join(nowNs, -1);
        _inner.LeftQueue(nowNs);
    }

    /// <inheritdoc />
    public override void Aborted(in AbortRecord record)
    {
        if (record.WaitNs >= 0)
        {
            Join(record.Time.Nanoseconds, -1);
        }

        _inner.Aborted(in record);
    }

    /// <inheritdoc />
    public override void Finished(in RequestRecord record)
    {
        At(record.Finish.Nanoseconds).Finished++;
        _inner.Finished(in record);
    }

    /// <inheritdoc />
    public override void Step(in EngineClock end, in BatchShape shape, in StepTimes times, int running, int usedBlocks)
    {
        AddStep(end.Plus(-times.Span), times.Span, running, usedBlocks, shape.SampledRows - shape.SilentSequences);
        _inner.Step(in end, in shape, times, running, usedBlocks);
    }

    /// <inheritdoc />
    public override void DecodeRun(
        in EngineClock start, int sequences, int running, long context, long steps, in DecodeRunCost cost, long totalQuanta,
        Int128 blockQuanta, int usedBlocks, int silent = 0)
    {
        if (steps == 1)
        {
            AddStep(start, totalQuanta, running, usedBlocks, sequences - silent);
        }
        else
        {
            Debug.Assert(RowOf(start.Nanoseconds) == RowOf(start.Plus(totalQuanta).Nanoseconds), "runs are cut at boundaries");
            _lastNs = Math.Max(_lastNs, start.Plus(totalQuanta).Nanoseconds);
            ref SeriesTally tally = ref At(start.Nanoseconds);
            tally.Tokens += (sequences - silent) * steps;
            tally.BusyQuanta += totalQuanta;
            tally.RunningQuanta += Math.BigMul(totalQuanta, (long)running);
            tally.BlockQuanta += blockQuanta;
        }

        _inner.DecodeRun(start, sequences, running, context, steps, cost, totalQuanta, blockQuanta, usedBlocks, silent);
    }

    /// <inheritdoc />
    public override long NextBoundary(long nanoseconds) =>
        Math.Min(_originNs + (RowOf(nanoseconds) + 1) * _intervalNs, _inner.NextBoundary(nanoseconds));

    /// <inheritdoc />
    public override void Ended(long endNs)
    {
        while (_first < _end)
        {
            WriteFirst();
        }

        _inner.Ended(endNs);
    }

    private void AddStep(EngineClock start, long quanta, int running, int usedBlocks, int tokens)
    {
        long endNs = start.Plus(quanta).Nanoseconds;
        _lastNs = Math.Max(_lastNs, endNs);
        At(endNs).Tokens += tokens;
        for (long left = quanta; left > 0;)
        {
            ref SeriesTally tally = ref At(start.Nanoseconds);
            long part = Math.Min(left, start.QuantaUntil(_originNs + (RowOf(start.Nanoseconds) + 1) * _intervalNs));
            tally.BusyQuanta += part;
            tally.RunningQuanta += Math.BigMul(part, (long)running);
            tally.BlockQuanta += Math.BigMul(part, (long)usedBlocks);
            start = start.Plus(part);
            left -= part;
        }
    }

    private void Join(long nanoseconds, int change)
    {
        ref SeriesTally tally = ref At(nanoseconds);
        long toEnd = _originNs + (RowOf(nanoseconds) + 1) * _intervalNs - nanoseconds;
        tally.Joined += change;
        tally.JoinedNanoseconds += change * (Int128)toEnd;
    }

    private void WriteFirst()
    {
        ref SeriesTally tally = ref _open[_first & (_open.Length - 1)];
        long startNs = _first * _intervalNs;

        // The run ends with its last step; arrivals that were refused may come later.
        long lengthNs = _first >= RowOf(_lastNs) && _lastNs - _originNs > startNs
            ? Math.Min(_intervalNs, _lastNs - _originNs - startNs)
            : _intervalNs;
        Int128 waitingNs = (_waiting * (Int128)lengthNs) + tally.JoinedNanoseconds - (tally.Joined * (Int128)(_intervalNs - lengthNs));
        double quanta = (double)lengthNs * EngineClock.QuantaPerNanosecond;
        _sink.Write(new SeriesRow(
            new SimTime(_originNs + startNs),
            new SimTime(lengthNs),
            tally.Arrivals,
            tally.Finished,
            (double)waitingNs / lengthNs,
            (double)tally.RunningQuanta / quanta,
            (double)tally.BlockQuanta / quanta / _usableBlocks / _replicas,
            tally.Tokens,
            (double)tally.BusyQuanta / quanta / _replicas));
        _waiting += tally.Joined;
        tally = default;
        _first++;
        _end = Math.Max(_end, _first);
    }

    private long RowOf(long nanoseconds) => Math.Max(0, nanoseconds - Math.Max(0, _originNs)) / _intervalNs;

    private ref SeriesTally At(long nanoseconds)
    {
        long row = RowOf(nanoseconds);
        Debug.Assert(row >= _first, "nothing falls into an interval that is over");
        if (row - _first >= _open.Length)
        {
            Grow(row - _first + 1);
        }

        _end = Math.Max(_end, row + 1);
        return ref _open[row & (_open.Length - 1)];
    }

    private void Grow(long rows)
    {
        var larger = new SeriesTally[System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)rows)];
        for (long row = _first; row < _end; row++)
        {
            larger[row & (larger.Length - 1)] = _open[row & (_open.Length - 1)];
        }

        _open = larger;
    }
}
