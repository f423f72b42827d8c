namespace LlmSim.Metrics;

/// <summary>Whether the queue kept pace, judged over the second half of the time in which requests came.</summary>
/// <param name="ArrivalsPerSecond">Requests that came and were accepted, per second.</param>
/// <param name="StartsPerSecond">Requests that the scheduler took from the queue for the first time, per second.</param>
/// <param name="IsBeyondCapacity">Whether the queue grew by more than chance explains: the load can never be served.</param>
public sealed record QueueTrend(double ArrivalsPerSecond, double StartsPerSecond, bool IsBeyondCapacity)
{
    private const int FewestRequests = 200;
    private const long Sampled = CountCurve.SampleMask + 1;

    // A queue at its capacity wanders by about the root of the requests that came; three times that is no chance.
    private const double Deviations = 3;

    // And what is less than this share of the load is no matter.
    private const double SmallestShare = 0.01;

    /// <summary>How fast the queue grew, in requests per second; negative when it shrank.</summary>
    public double GrowthPerSecond => ArrivalsPerSecond - StartsPerSecond - DropsPerSecond;

    /// <summary>Requests that left the queue without being started, per second. Default 0.</summary>
    public double DropsPerSecond { get; init; }

    /// <summary>Judges a run; null when too little happened.</summary>
    internal static QueueTrend? Of(MetricsCollector c) => Of(c, c.Arrivals, Sampled, c.Starts, c.Drops);

    /// <summary>Judges a class of a run by its requests that finished; null when there are too few.</summary>
    internal static QueueTrend? Of(ClassTally tally, MetricsCollector c) => Of(c, tally.Arrivals, 1, tally.Starts, null);

    private static QueueTrend? Of(MetricsCollector c, CountCurve arrivals, long sampled, CountCurve starts, CountCurve? drops)
    {
        // Turns of conversations that come later come only as fast as they are answered.
        double end = Math.Min(c.LastBegin, c.LastFinish);
        double middle = (c.FirstArrival + end) / 2;
        double seconds = (end - middle) / 1e9;
        if (arrivals.Count * sampled < FewestRequests || seconds <= 0)
        {
            return null;
        }

        double arrived = end < c.LastArrival ? arrivals.At(end) : arrivals.Count;
        arrived = (arrived - arrivals.At(middle)) * sampled;
        double started = starts.At(end) - starts.At(middle);
        double dropped = drops is null ? 0 : drops.At(end) - drops.At(middle);
        double growth = arrived - started - dropped;
        bool beyond = growth > Deviations * Math.Sqrt(arrived) && growth > SmallestShare * arrived;
        return new QueueTrend(arrived / seconds, started / seconds, beyond) { DropsPerSecond = dropped / seconds };
    }
}
