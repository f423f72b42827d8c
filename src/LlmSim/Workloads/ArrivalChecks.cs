using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with how requests are spaced.</summary>
internal static class ArrivalChecks
{
    /// <summary>Fewest requests expected in a period on and one off: more periods than that a request would take for ever.</summary>
    private const double FewestRequestsPerCycle = 1e-3;

    /// <summary>Checks the arrivals of a workload without a trace.</summary>
    public static void Check(ProblemList list, WorkloadSpec workload)
    {
        const string moreRate = "Give a rate above 0; infinity sends all at once.";
        (double rate, RateCurveSpec? curve) = (workload.RequestRatePerSecond, workload.RateCurve);
        list.Known("workload.arrival", workload.Arrival);
        list.Require(workload.Burstiness > 0, "workload.burstiness", workload.Burstiness, "a number above 0",
            "Use 1 for Poisson arrivals, less for bursts.");
        list.Require(workload.Burstiness == 1 || workload.Arrival != ArrivalProcess.Deterministic, "workload.burstiness",
            workload.Burstiness, "1 with deterministic arrivals, whose gaps are equal", "Remove it, or use poisson arrivals.");
        if (curve is { IsRamp: true })
        {
            CheckRamp(list, curve);
            return;
        }

        list.Require(rate > 0, "workload.request_rate", rate, "a number of requests per second above 0", moreRate);
        if (curve is null)
        {
            list.Require(rate < double.PositiveInfinity || SyntheticSource.CountOf(workload) is not null
                || workload.MaxConcurrency is not null, "workload.num_requests", "none",
                "a number, when the rate is infinite and a duration is given", "Say how many requests, or how many clients (max_concurrency).");
            return;
        }

        list.Require(rate < double.PositiveInfinity, "workload.request_rate", rate, "a finite mean for a rate that changes",
            "Give the mean rate, or remove the rate curve.");
        list.Known("workload.rate_curve.curve", curve.Curve);
        if (curve.Curve == RateCurve.Diurnal)
        {
            list.Require(curve.Amplitude is >= 0 and <= 1, "workload.rate_curve.amplitude", curve.Amplitude, "from 0 to 1",
                "Give the greatest departure from the mean rate as a share of it.");
            list.Positive("workload.rate_curve.period", curve.PeriodSeconds, "Give the seconds from peak to peak.");
        }
        else if (curve.Curve == RateCurve.Bursts)
        {
            CheckBursts(list, curve, rate);
        }
    }

    private static void CheckRamp(ProblemList list, RateCurveSpec curve)
    {
        list.Positive("workload.rate_curve.start", curve.StartRatePerSecond, "Give the rate of the first request.");
        list.Positive("workload.rate_curve.end", curve.EndRatePerSecond, "Give the rate of the last request.");
    }

    private static void CheckBursts(ProblemList list, RateCurveSpec curve, double rate)
    {
        list.Positive("workload.rate_curve.on", curve.OnSeconds, "Give the mean seconds with requests.");
        list.NotNegative("workload.rate_curve.off", curve.OffSeconds, "Give the mean seconds without requests.");
        list.Known("workload.rate_curve.periods", curve.Periods);
        double requests = rate * (curve.OnSeconds + curve.OffSeconds);
        list.Require(!(requests < FewestRequestsPerCycle) || !(curve is { OnSeconds: > 0, OffSeconds: >= 0 } && rate > 0),
            "workload.rate_curve.on", curve.OnSeconds,
            $"periods that see at least {FewestRequestsPerCycle} requests, which is request_rate times on + off",
            "Give longer periods or a higher rate.");
    }
}
