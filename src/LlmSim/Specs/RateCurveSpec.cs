namespace LlmSim.Specs;

/// <summary>A request rate that changes over time; the law of the gaps is that of the workload.</summary>
/// <remarks>
/// Written in files and flags as <c>linear:start=1,end=10</c>, <c>exponential:start=1,end=10</c>,
/// <c>diurnal:amplitude=0.5,period=86400</c> or <c>bursts:on=10,off=50[,periods=fixed]</c>.
/// </remarks>
public sealed record RateCurveSpec
{
    /// <summary>The shape. Default linear.</summary>
    public RateCurve Curve { get; init; }

    /// <summary>Linear and exponential: requests per second of the first request. Above 0.</summary>
    public double StartRatePerSecond { get; init; }

    /// <summary>Linear and exponential: requests per second of the last request. Above 0.</summary>
    /// <remarks>
    /// The rate climbs from request to request, as that of <c>vllm bench serve --ramp-up-strategy</c>: request i of n is drawn
    /// at start + (end − start)·i/(n − 1), or start·(end/start)^(i/(n − 1)). With a duration and no number of requests it
    /// climbs with time instead, over the duration.
    /// </remarks>
    public double EndRatePerSecond { get; init; }

    /// <summary>Diurnal: greatest departure from the mean rate as a share of it. From 0 to 1. Default 0.5.</summary>
    public double Amplitude { get; init; } = 0.5;

    /// <summary>Diurnal: seconds from peak to peak. Above 0. Default 86,400, a day. It starts at the mean rate, rising.</summary>
    public double PeriodSeconds { get; init; } = 86_400;

    /// <summary>Bursts: mean seconds with requests. Above 0. It starts with such a period.</summary>
    public double OnSeconds { get; init; }

    /// <summary>Bursts: mean seconds without requests. At least 0.</summary>
    /// <remarks>While on, the rate is the workload's times (on + off)/on, so that its mean is what the workload says.</remarks>
    public double OffSeconds { get; init; }

    /// <summary>Bursts: law of the periods. Default exponential.</summary>
    public BurstPeriods Periods { get; init; }

    /// <summary>Whether the curve has rates of its own, so that the workload's is not used.</summary>
    internal bool IsRamp => Curve is RateCurve.Linear or RateCurve.Exponential;
}
