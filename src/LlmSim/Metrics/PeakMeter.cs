using LlmSim.Serving;

namespace LlmSim.Metrics;

/// <summary>The most requests under way at once: accepted and not yet finished. A request that finishes as another arrives is gone.</summary>
/// <param name="inner">Who else counts.</param>
internal sealed class PeakMeter(ServingMeter inner) : ForwardingMeter(inner)
{
    private readonly ServingMeter _inner = inner;
    private readonly Queue<long> _arrivals = new();
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
        Arrive(record.Finish.Nanoseconds);
        _underWay--;
        _inner.Finished(in record);
    }

    /// <inheritdoc />
    public override void Ended(long endNs)
    {
        Arrive(endNs);
        _inner.Ended(endNs);
    }

    private void Arrive(long beforeNs)
    {
        while (_arrivals.TryPeek(out long arrival) && arrival < beforeNs)
        {
            _arrivals.Dequeue();
            _underWay++;
        }

        MostUnderWay = Math.Max(MostUnderWay, _underWay);
    }
}
