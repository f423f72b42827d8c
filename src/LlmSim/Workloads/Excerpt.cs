using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Requests from all over a workload, in a few stretches that follow each other without a pause: a load that changes over time, in short.</summary>
internal sealed class Excerpt
{
    private const int Stretches = 8;

    private readonly List<ArrivingRequest> _requests = [];
    private readonly IReadOnlyList<string> _classNames;

    /// <summary>Takes requests out of a source, to whose end it goes.</summary>
    /// <param name="source">The source; without conversations, whose turns depend on answers.</param>
    /// <param name="all">How many requests it has.</param>
    /// <param name="wanted">About how many to take. At least 8.</param>
    public Excerpt(RequestSource source, long all, long wanted)
    {
        long length = wanted / Stretches;
        long before = 0, now = 0;
        for (long i = 0; source.TryNext(out ArrivingRequest request); i++)
        {
            long arrival = request.Arrival.Nanoseconds;
            if (i - (Stretch(i) * all / Stretches) < length)
            {
                now += i == 0 ? arrival : arrival - before;
                _requests.Add(request with { Arrival = new SimTime(now) });
            }

            before = arrival;
        }

        _classNames = source.ClassNames;

        long Stretch(long i) => Math.Min(Stretches - 1, ((i + 1) * Stretches - 1) / all);
    }

    /// <summary>A source of the requests taken.</summary>
    public RequestSource Open() => new Source(this);

    private sealed class Source(Excerpt excerpt) : RequestSource
    {
        private int _next;

        /// <inheritdoc />
        public override long? ExpectedCount => excerpt._requests.Count;

        /// <inheritdoc />
        public override IReadOnlyList<string> ClassNames => excerpt._classNames;

        /// <inheritdoc />
        public override bool TryNext(out ArrivingRequest request)
        {
            bool isLeft = _next < excerpt._requests.Count;
            request = isLeft ? excerpt._requests[_next++] : default;
            return isLeft;
        }
    }
}
