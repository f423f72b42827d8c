using LlmSim.Workloads;

namespace LlmSim.Validation.Fitting;

/// <summary>
/// What a fit looks at: logarithms of mean and percentiles of TTFT and TPOT, by how many requests were under way and how long the prompt was.
/// Single requests are chaotic, these are not.
/// </summary>
internal sealed class LatencyCells
{
    /// <summary>Stretches of time that are left out one after another to see how sure a statistic is.</summary>
    public const int Blocks = 8;

    private const int Parts = 3;
    private const int FewestRequests = 30;
    private static readonly double[] TtftShares = [0.5, 0.9];
    private static readonly double[] TpotShares = [0.9];

    private readonly MeasuredRun _run;
    private readonly List<int[]> _cells = [];
    private readonly int[] _blocks;

    /// <summary>Sorts the requests of a run that were answered into cells.</summary>
    /// <param name="run">The run.</param>
    /// <param name="skipSeconds">Seconds from its first request whose requests are left out.</param>
    public LatencyCells(MeasuredRun run, double skipSeconds)
    {
        _run = run;
        IReadOnlyList<MeasuredRequest> requests = run.Requests;
        int[] used = [.. Enumerable.Range(0, requests.Count).Where(i => requests[i].Times is not null && requests[i].Arrival.Seconds >= skipSeconds)];
        Requests = used.Length;
        _blocks = new int[requests.Count];
        for (int i = 0; i < used.Length; i++)
        {
            _blocks[used[i]] = (int)((long)i * Blocks / used.Length);
        }

        double[] underWay = UnderWay(requests);
        foreach (int[] byLoad in Split(used, i => underWay[i]))
        {
            _cells.AddRange(Split(byLoad, i => requests[i].InputTokens));
        }
    }

    /// <summary>Requests that count.</summary>
    public int Requests { get; }

    /// <summary>
    /// Logarithm of simulated / measured of every statistic; 0 where either has none. A request that the simulation does not answer counts
    /// on neither side.
    /// </summary>
    /// <param name="simulated">How long each request took in the simulation.</param>
    /// <param name="withoutBlock">The stretch of time to leave out; −1 for none.</param>
    public double[] Errors(RequestTimes?[] simulated, int withoutBlock = -1)
    {
        var errors = new List<double>();
        foreach (int[] cell in _cells)
        {
            int[] counted = [.. cell.Where(i => _blocks[i] != withoutBlock && simulated[i] is not null)];
            double[] measuredLogs = Logs(counted, i => _run.Requests[i].Times!.Value);
            double[] simulatedLogs = Logs(counted, i => simulated[i]!.Value);
            errors.AddRange(measuredLogs.Zip(simulatedLogs, (m, s) => double.IsFinite(s - m) ? s - m : 0));
        }

        return [.. errors];
    }

    private double[] Logs(int[] requests, Func<int, RequestTimes> times)
    {
        var (ttft, tpot) = (new List<double>(requests.Length), new List<double>(requests.Length));
        foreach (int i in requests)
        {
            RequestTimes taken = times(i);
            ttft.Add(taken.FirstToken.Seconds);
            if (_run.Requests[i].OutputTokens > 1)
            {
                tpot.Add((taken.LastToken - taken.FirstToken).Seconds / (_run.Requests[i].OutputTokens - 1));
            }
        }

        ttft.Sort();
        tpot.Sort();
        return [.. Statistics(ttft, TtftShares).Concat(Statistics(tpot, TpotShares)).Select(DeterministicMath.Log)];

        static IEnumerable<double> Statistics(List<double> values, double[] shares) => values.Count == 0
            ? Enumerable.Repeat(double.NaN, shares.Length + 1)
            : shares.Select(share => Figures.OfSorted(values, share)).Prepend(values.Sum() / values.Count);
    }

    // Equal parts by a number; one part where it hardly differs or there are few.
    private static IEnumerable<int[]> Split(int[] requests, Func<int, double> by)
    {
        int[] sorted = [.. requests.OrderBy(by).ThenBy(i => i)];
        if (sorted.Length < Parts * FewestRequests)
        {
            return sorted.Length > 0 ? [sorted] : [];
        }

        return Enumerable.Range(0, Parts).Select(part => sorted[(sorted.Length * part / Parts)..(sorted.Length * (part + 1) / Parts)]);
    }

    // Requests in the server when each arrives.
    private static double[] UnderWay(IReadOnlyList<MeasuredRequest> requests)
    {
        var ends = new PriorityQueue<int, long>();
        double[] underWay = new double[requests.Count];
        for (int i = 0; i < requests.Count; i++)
        {
            long now = requests[i].Arrival.Nanoseconds;
            while (ends.TryPeek(out _, out long end) && end <= now)
            {
                ends.Dequeue();
            }

            underWay[i] = ends.Count;
            ends.Enqueue(i, now + (requests[i].Times?.LastToken ?? requests[i].FailedAfter ?? default).Nanoseconds);
        }

        return underWay;
    }
}
