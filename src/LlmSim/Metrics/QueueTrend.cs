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
    public double GrowthPerSecond => ArrivalsPerSecond - StartsPerSecond;

    /// <summary>Judges a run; null when too little happened.</summary>
    internal static QueueTrend? Of(MetricsCollector c)
    {
        double end = Math.Min(c.LastArrival, c.LastFinish);
        double middle = (c.FirstArrival + end) / 2;
        double seconds = (end - middle) / 1e9;
        if (c.Arrivals.Count * Sampled < FewestRequests || seconds <= 0)
        {
            return null;
        }

        double arrived = c.LastFinish < c.LastArrival ? c.Arrivals.At(end) : c.Arrivals.Count;
        arrived = (arrived - c.Arrivals.At(middle)) * Sampled;
        double started = c.Starts.At(end) - c.Starts.At(middle);
        double growth = arrived - started;
        bool beyond = growth > Deviations * Math.Sqrt(arrived) && growth > SmallestShare * arrived;
        return new QueueTrend(arrived / seconds, started / seconds, beyond);
    }
}
