using LlmSim.Serving;

namespace LlmSim.Metrics;

/// <summary>The most requests under way at once: accepted and not yet finished. A request that finishes as another arrives is gone.</summary>
/// <param name="inner">Who else counts.</param>
internal sealed class PeakMeter(ServingMeter inner) : ForwardingMeter(inner)
{
    private readonly ServingMeter _inner = inner;
    private readonly Queue<long> _arrivals = new();
    private readonly PriorityQueue<int, long> _finishes = new();
    private long _underWay;

    /// <summary>The most so far; complete when the run has ended.</summary>
    public long MostUnderWay { get; private set; }

    /// <inheritdoc />
    public override void Queued(long arrivalNs, long readyNs)
    {
        _arrivals.Enqueue(arrivalNs);
        _inner.Queued(arrivalNs, readyNs);
    }

    /// <inheritdoc />
    public override void Finished(in RequestRecord record)
    {
        _finishes.Enqueue(0, record.Finish.Nanoseconds);
        _inner.Finished(in record);
    }

    /// <inheritdoc />
    public override void Refused(in InboundRequest request, long nowNs)
    {
        _finishes.Enqueue(0, nowNs);
        _inner.Refused(in request, nowNs);
    }

    /// <inheritdoc />
    public override void Aborted(in AbortRecord record)
    {
        _finishes.Enqueue(0, record.Time.Nanoseconds);
        _inner.Aborted(in record);
    }

    /// <inheritdoc />
    public override void Passed(long nowNs)
    {
        Advance(nowNs);
        _inner.Passed(nowNs);
    }

    /// <inheritdoc />
    public override void Ended(long endNs)
    {
        Advance(long.MaxValue);
        _inner.Ended(endNs);
    }

    private void Advance(long beforeNs)
    {
        while (true)
        {
            long arrival = _arrivals.TryPeek(out long arrived) ? arrived : long.MaxValue;
            long finish = _finishes.TryPeek(out _, out long finished) ? finished : long.MaxValue;
            if (Math.Min(arrival, finish) >= beforeNs)
            {
                return;
            }

            if (finish <= arrival)
            {
                _finishes.Dequeue();
                _underWay--;
            }
            else
            {
                _arrivals.Dequeue();
                MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
            }
        }
    }
}
