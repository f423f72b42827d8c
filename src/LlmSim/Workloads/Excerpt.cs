using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Requests from all over a workload, in a few stretches that follow each other without a pause: a load that changes over time, in short.</summary>
internal static class Excerpt
{
    private const int Stretches = 8;

    /// <summary>Takes requests out of a source, to whose end it goes.</summary>
    /// <param name="source">The source; without conversations, whose turns depend on answers.</param>
    /// <param name="all">How many requests it has.</param>
    /// <param name="wanted">About how many to take. At least 8.</param>
    public static KeptRequests Of(RequestSource source, long all, long wanted)
    {
        var requests = new List<ArrivingRequest>();
        long length = wanted / Stretches;
        long before = 0, now = 0;
        for (long i = 0; source.TryNext(out ArrivingRequest request); i++)
        {
            long arrival = request.Arrival.Nanoseconds;
            if (i - (Stretch(i) * all / Stretches) < length)
            {
                now += i == 0 ? arrival : arrival - before;
                requests.Add(request with { Arrival = new SimTime(now) });
            }

            before = arrival;
        }

        return new KeptRequests(requests, source.ClassNames);

        long Stretch(long i) => Math.Min(Stretches - 1, ((i + 1) * Stretches - 1) / all);
    }
}
