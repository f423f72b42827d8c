using LlmSim.Planning.Objectives;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>What a workload asks of any deployment, so that objectives on percentiles can be ruled out without a simulation.</summary>
internal sealed class WorkloadBounds
{
    // Percentiles are read from histograms, within 0.4%.
    private const double Blur = 1.005;

    private readonly (int Input, int Output)[] _lengths;
    private readonly double[] _promptSums;
    private readonly double[] _tokenSums;
    private readonly double _spanSeconds;

    /// <summary>Reads a workload.</summary>
    /// <param name="requests">Its requests, in order of arrival.</param>
    /// <param name="longest">Longest sequence that is served, in tokens; what is longer may be refused and is left out.</param>
    public WorkloadBounds(IEnumerable<ArrivingRequest> requests, long longest)
    {
        var lengths = new List<(int, int)>();
        double first = double.NaN, last = 0;
        foreach (ArrivingRequest request in requests)
        {
            last = request.Arrival.Seconds;
            first = double.IsNaN(first) ? last : first;
            if (request.InputTokens + (long)request.OutputTokens <= longest)
            {
                // What is shared with others may be found computed; of such a prompt only a token is work for certain.
                lengths.Add((request.Content is null ? request.InputTokens : 1, request.OutputTokens));
            }
        }

        _lengths = [.. lengths];
        _spanSeconds = last - (double.IsNaN(first) ? 0 : first);
        _promptSums = SumsOfSmallest(one => one.Input);
        _tokenSums = SumsOfSmallest(one => one.Input + one.Output - 1);
    }

    /// <summary>Whether an objective cannot be kept: not even if nothing but the work itself took time.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="engine">What one replica needs at least.</param>
    /// <param name="replicas">Replicas.</param>
    public bool RulesOut(LatencyObjective objective, EngineBounds engine, int replicas)
    {
        if (objective.Percent is not { } percent || _lengths.Length == 0)
        {
            return false;
        }

        double limit = objective.Limit.Seconds * Blur;
        int inTime = (int)((_lengths.Length - 1) * (percent / 100)) + 1;
        (double perToken, double decode) = (engine.SecondsPerToken, engine.DecodeSeconds);
        return objective.Measure switch
        {
            LatencyMeasure.FirstToken => IsTooMuch(_promptSums) || AreTooSlow(one => one.Input * perToken),
            LatencyMeasure.EndToEnd => IsTooMuch(_tokenSums) || AreTooSlow(one => (one.Input * perToken) + ((one.Output - 1) * decode)),
            LatencyMeasure.PerOutputToken => decode > limit && AreTooSlow(one => one.Output > 1 ? decode : 0),
            _ => false,
        };

        // Those in time, if they are the smallest, are through when the last that may be among them is due.
        bool IsTooMuch(double[] sums) => sums[inTime - 1] * perToken > replicas * (_spanSeconds + limit);

        bool AreTooSlow(Func<(int Input, int Output), double> alone) => _lengths.Count(one => alone(one) <= limit) < inTime;
    }

    private double[] SumsOfSmallest(Func<(int Input, int Output), long> size)
    {
        long[] sizes = [.. _lengths.Select(size).Order()];
        var sums = new double[sizes.Length];
        double sum = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            sums[i] = sum += sizes[i];
        }

        return sums;
    }
}
