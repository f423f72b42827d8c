using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with a workload's values.</summary>
internal static class WorkloadChecks
{
    private const string DurationRange = "a number of seconds above 0";

    /// <summary>Every value out of range, in the order of the fields. A trace file itself is not looked at.</summary>
    public static List<ConfigProblem> Problems(WorkloadSpec workload)
    {
        var problems = new List<ConfigProblem>();
        Require(workload.NumRequests is null or >= 1, "workload.num_requests", workload.NumRequests, "at least 1",
            "Ask for at least one request.");
        Require(workload.DurationSeconds is null or > 0, "workload.duration", workload.DurationSeconds, DurationRange,
            "Give a longer duration, or leave it out.");
        if (workload.Trace is { } trace)
        {
            Require(trace.Path.Length > 0, "workload.trace", "an empty path", "the path of a CSV file, plain or gzip",
                "Name the file.");
            Require(trace.Scale is > 0 and < double.PositiveInfinity, "workload.trace_scale", trace.Scale,
                "a number above 0", "Use 1 for the trace's own rate, 2 for twice as many requests a second.");
            return problems;
        }

        Require(Enum.IsDefined(workload.Arrival), "workload.arrival", workload.Arrival,
            string.Join(", ", Enum.GetNames<ArrivalProcess>()).ToLowerInvariant(), "Choose one of these.");
        Require(workload.RequestRatePerSecond > 0, "workload.request_rate", workload.RequestRatePerSecond,
            "a number of requests per second above 0", "Give a rate above 0; infinity sends all at once.");
        Require(workload.RequestRatePerSecond < double.PositiveInfinity || workload.NumRequests is not null
            || workload.DurationSeconds is null, "workload.num_requests", "none",
            "a number, when the rate is infinite and a duration is given", "Say how many requests to send.");
        CheckLength("workload.input_len", workload.InputLength);
        CheckLength("workload.output_len", workload.OutputLength);
        return problems;

        void Require(bool holds, string field, object? value, string allowed, string fix)
        {
            if (!holds)
            {
                problems.Add(new ConfigProblem(field, $"{value}", allowed, fix));
            }
        }

        void CheckLength(string field, LengthSpec length)
        {
            const string fix = "Give a length that a request can have.";
            Require(Enum.IsDefined(length.Distribution), $"{field}.distribution", length.Distribution,
                string.Join(", ", Enum.GetNames<LengthDistribution>()).ToLowerInvariant(), "Choose one of these.");
            if (length.Distribution != LengthDistribution.Uniform)
            {
                Require(length.Mean is >= 1 and <= int.MaxValue, $"{field}.mean", length.Mean, "from 1 to 2147483647 tokens", fix);
            }

            if (length.Distribution == LengthDistribution.Lognormal)
            {
                Require(length.Sigma is >= 0 and <= MostSigma, $"{field}.sigma", length.Sigma, $"from 0 to {MostSigma}",
                    "Give the standard deviation of the logarithm, usually 0.3 to 1.5.");
            }

            if (length.Distribution != LengthDistribution.Fixed)
            {
                Require(length.Min >= 1, $"{field}.min", length.Min, "at least 1 token", fix);
                Require(length.Max >= length.Min, $"{field}.max", length.Max, $"at least min, which is {length.Min}",
                    "Exchange min and max, or raise max.");
            }
        }
    }

    private const int MostSigma = 10;
}
