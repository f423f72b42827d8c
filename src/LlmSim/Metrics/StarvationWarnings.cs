using LlmSim.Serving;

namespace LlmSim.Metrics;

/// <summary>Says in words where a scheduling policy serves some at the cost of others who hardly get served at all.</summary>
internal static class StarvationWarnings
{
    // The longest of many waits is some ten times the mean when all wait alike; and who waits for less than ten times what
    // requests take in all has not starved.
    private const double TimesTheMeanWait = 50;
    private const double TimesTheMeanLatency = 10;
    private const int FewestRequests = 100;

    /// <summary>Adds what there is to say.</summary>
    /// <param name="warnings">Where to.</param>
    /// <param name="s">Figures of the run.</param>
    /// <param name="limits">Limits of the engine.</param>
    public static void Add(List<string> warnings, SimulationStatistics s, EngineLimits limits)
    {
        if (limits.Order is null && limits.Shares is null)
        {
            return; // Whoever came first goes first.
        }

        string[] inPace = [.. s.Classes.Where(c => c.Queue is { IsBeyondCapacity: false }).Select(c => c.Name)];
        foreach (ClassSummary c in s.Classes)
        {
            if (inPace.Length > 0 && c.Queue is { IsBeyondCapacity: true } queue)
            {
                warnings.Add($"Starvation: the queue of class {c.Name} grew by {queue.GrowthPerSecond:0.##} requests/s over the second half "
                    + $"of the arrivals, while {string.Join(", ", inPace)} kept pace: the policy lets others pass it.");
            }
        }

        double longest = s.QueueTime.Max.Seconds;
        double mean = s.QueueTime.Mean.Seconds;
        if (s.QueueTime.Count >= FewestRequests && longest > TimesTheMeanWait * mean
            && longest > TimesTheMeanLatency * s.EndToEndLatency.Mean.Seconds)
        {
            warnings.Add($"Starvation: a request waited {longest:0.###} s, {longest / mean:0} times the mean: the policy lets others pass it.");
        }
    }
}
