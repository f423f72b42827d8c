using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Requests kept in memory, to be sent as often as one likes and at any pace.</summary>
/// <param name="requests">The requests in order of arrival; without conversations, whose turns depend on answers.</param>
/// <param name="classNames">Names of their classes.</param>
internal sealed class KeptRequests(IReadOnlyList<ArrivingRequest> requests, IReadOnlyList<string> classNames)
{
    /// <summary>How many there are.</summary>
    public int Count => requests.Count;

    /// <summary>The requests, in order of arrival.</summary>
    public IReadOnlyList<ArrivingRequest> All => requests;

    /// <summary>From the first to the last.</summary>
    public SimTime Span => requests.Count == 0 ? default : requests[^1].Arrival - requests[0].Arrival;

    /// <summary>Keeps what is left of a source, which is disposed of.</summary>
    public static KeptRequests Of(RequestSource source)
    {
        using (source)
        {
            var requests = new List<ArrivingRequest>();
            while (source.TryNext(out ArrivingRequest request))
            {
                requests.Add(request);
            }

            return new KeptRequests(requests, source.ClassNames);
        }
    }

    /// <summary>A source of them.</summary>
    /// <param name="speed">Factor on their rate. Above 0.</param>
    public RequestSource Open(double speed = 1) => new Source(requests, classNames, speed);

    private sealed class Source(IReadOnlyList<ArrivingRequest> requests, IReadOnlyList<string> classNames, double speed) : RequestSource
    {
        private int _next;

        /// <inheritdoc />
        public override long? ExpectedCount => requests.Count;

        /// <inheritdoc />
        public override IReadOnlyList<string> ClassNames => classNames;

        /// <inheritdoc />
        public override bool TryNext(out ArrivingRequest request)
        {
            request = default;
            if (_next == requests.Count)
            {
                return false;
            }

            request = requests[_next++];
            if (speed != 1)
            {
                request = request with { Arrival = new SimTime((long)Math.Round(request.Arrival.Nanoseconds / speed)) };
            }

            return true;
        }
    }
}
