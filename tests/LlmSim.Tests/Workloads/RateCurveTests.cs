using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class RateCurveTests
{
    private const long Second = 1_000_000_000;

    private static readonly RateCurveSpec Linear = new() { StartRatePerSecond = 1, EndRatePerSecond = 3 };
    private static readonly RateCurveSpec Exponential = Linear with { Curve = RateCurve.Exponential };

    private static readonly RateCurveSpec Diurnal =
        new() { Curve = RateCurve.Diurnal, Amplitude = 0.8, PeriodSeconds = 100 };

    private static readonly RateCurveSpec Bursts = new() { Curve = RateCurve.Bursts, OnSeconds = 2, OffSeconds = 6 };

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.9)]
    [InlineData(4)]
    [InlineData(300)]
    public void Gamma_gaps_have_their_mean_and_variance(double shape)
    {
        const int count = 200_000;
        double[] gaps = Gaps(new WorkloadSpec { RequestRatePerSecond = 5, Burstiness = shape }, count);

        // Fourth central moment of a gamma of mean 1: (3 + 6/shape)/shape².
        double mean = gaps.Average() * 5;
        Assert.Equal(1, mean, 4 * Math.Sqrt(1 / shape / count));
        double variance = gaps.Sum(gap => Math.Pow(gap * 5 - 1, 2)) / count;
        Assert.Equal(1 / shape, variance, 4 * Math.Sqrt((2 + 6 / shape) / (shape * shape) / count));
    }

    [Fact]
    public void Gamma_gaps_of_shape_two_are_sums_of_two_exponentials()
    {
        // Erlang: P(gap ≤ x) = 1 − (1 + 2x)e^(−2x) at mean 1.
        const int count = 100_000;
        double[] gaps = Gaps(new WorkloadSpec { RequestRatePerSecond = 1, Burstiness = 2 }, count);
        foreach (double x in (double[])[0.1, 0.5, 1, 2])
        {
            double expected = 1 - (1 + 2 * x) * Math.Exp(-2 * x);
            Assert.Equal(expected, gaps.Count(gap => gap <= x) / (double)count, 4 * Math.Sqrt(expected * (1 - expected) / count));
        }
    }

    [Fact]
    public void Infinite_burstiness_is_even() => Assert.Equal(
        [0, Second / 2, Second, 3 * Second / 2],
        Arrivals(new WorkloadSpec { Burstiness = double.PositiveInfinity, NumRequests = 4 }));

    [Fact]
    public void An_infinite_rate_sends_all_at_once_whatever_the_burstiness() => Assert.Equal(
        [0, 0, 0], Arrivals(new WorkloadSpec { RequestRatePerSecond = double.PositiveInfinity, Burstiness = 0.3, NumRequests = 3 }));

    [Fact]
    public void A_ramp_steps_from_request_to_request()
    {
        // Even gaps at rates 1, 2, 3 after the first request, which comes at once: 1/1.5, 1/2, 1/2.5, 1/3 with five requests.
        WorkloadSpec workload = new() { Arrival = ArrivalProcess.Deterministic, NumRequests = 5, RateCurve = Linear };
        Assert.Equal([0, 666_666_666, 1_166_666_666, 1_566_666_666, 1_899_999_999], Arrivals(workload));

        double root = Math.Pow(3, 0.25);
        double[] expected = [0, 1 / root, 1 / (root * root), 1 / (root * root * root), 1.0 / 3];
        long[] actual = Arrivals(workload with { RateCurve = Exponential });
        double sum = 0;
        for (int i = 0; i < 5; i++)
        {
            sum += expected[i];
            Assert.Equal(sum, actual[i] / 1e9, 1e-8);
        }
    }

    [Fact]
    public void A_ramp_over_a_duration_is_linear_in_time()
    {
        // Λ(t) = t + t²/10 over 10 s: 20 requests; the i-th when Λ = i.
        WorkloadSpec workload = new() { Arrival = ArrivalProcess.Deterministic, DurationSeconds = 10, RateCurve = Linear };
        long[] arrivals = Arrivals(workload);
        Assert.Equal(21, arrivals.Length);
        for (int i = 0; i < arrivals.Length; i++)
        {
            double t = arrivals[i] / 1e9;
            Assert.Equal(i, t + t * t / 10, 1e-7);
        }

        Assert.Equal(21, Arrivals(workload with { RateCurve = Linear with { StartRatePerSecond = 3, EndRatePerSecond = 1 } }).Length);
    }

    [Fact]
    public void An_exponential_ramp_over_a_duration_is_exponential_in_time()
    {
        WorkloadSpec workload = new() { Arrival = ArrivalProcess.Deterministic, DurationSeconds = 10, RateCurve = Exponential };
        long[] arrivals = Arrivals(workload);
        double growth = Math.Log(3) / 10;
        Assert.Equal(1 + (int)(2 / growth), arrivals.Length);
        for (int i = 0; i < arrivals.Length; i++)
        {
            Assert.Equal(i, (Math.Exp(growth * arrivals[i] / 1e9) - 1) / growth, 1e-6);
        }

        RateCurveSpec flat = Exponential with { EndRatePerSecond = 1 };
        Assert.Equal(11, Arrivals(workload with { RateCurve = flat }).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    [InlineData(1)]
    public void A_sinusoid_sees_what_its_cumulative_rate_says(double amplitude)
    {
        const double rate = 0.7, period = 100;
        var curve = Diurnal with { Amplitude = amplitude };
        long[] arrivals = Arrivals(new WorkloadSpec
        {
            Arrival = ArrivalProcess.Deterministic,
            RequestRatePerSecond = rate,
            NumRequests = 2000,
            RateCurve = curve,
        });
        for (int i = 0; i < arrivals.Length; i++)
        {
            double t = arrivals[i] / 1e9;
            double cumulative = rate * (t + amplitude * period / (2 * Math.PI) * (1 - Math.Cos(2 * Math.PI * t / period)));
            Assert.Equal(i, cumulative, 1e-6);
        }
    }

    [Fact]
    public void A_sinusoid_of_poisson_arrivals_counts_as_poisson_in_each_part_of_its_period()
    {
        // Quarters of the period see rate·P·(1/4 ± a/2π): rising, falling, sinking, recovering.
        const int periods = 2000;
        WorkloadSpec workload = new() { RequestRatePerSecond = 2, DurationSeconds = periods * 100, RateCurve = Diurnal };
        double[] counts = new double[4];
        foreach (long arrival in Arrivals(workload))
        {
            counts[arrival / (25 * Second) % 4]++;
        }

        double swing = 0.8 / (2 * Math.PI);
        double[] expected = [.. new[] { 0.25 + swing, 0.25 + swing, 0.25 - swing, 0.25 - swing }.Select(share => share * 200 * periods)];
        Assert.All(counts.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 4 * Math.Sqrt(pair.Second)));
    }

    [Fact]
    public void Fixed_bursts_are_where_they_should_be()
    {
        // Mean rate 1, on for 2 s of 8: 4 a second while on, eight a burst.
        WorkloadSpec workload = new()
        {
            Arrival = ArrivalProcess.Deterministic,
            RequestRatePerSecond = 1,
            NumRequests = 18,
            RateCurve = Bursts with { Periods = BurstPeriods.Fixed },
        };
        long[] arrivals = Arrivals(workload);
        Assert.Equal(0, arrivals[0]);
        Assert.Equal(2 * Second, arrivals[8]);
        Assert.Equal(8 * Second + Second / 4, arrivals[9]);
        Assert.Equal(16 * Second + Second / 4, arrivals[17]);
    }

    [Fact]
    public void Exponential_bursts_are_the_interrupted_poisson_process()
    {
        // Gaps of an interrupted Poisson process are hyperexponential (Kuczura 1973): mean 1/rate and
        // E[X²] from the moments of the two-phase law, here λ = 4, leaving on at 1/2, leaving off at 1/6.
        const int count = 400_000;
        double[] gaps = Gaps(new WorkloadSpec { RequestRatePerSecond = 1, RateCurve = Bursts }, count);
        const double lambda = 4, a = 0.5, b = 1.0 / 6;

        // From on: X = T + (off + X') with probability a/(λ + a), T exponential at λ + a.
        double mean = (1 / (lambda + a) + a / (lambda + a) / b) / (1 - a / (lambda + a));
        double p = a / (lambda + a), t1 = 1 / (lambda + a), t2 = 2 * t1 * t1, o1 = 1 / b, o2 = 2 / (b * b);
        double second = (t2 + p * (o2 + 2 * t1 * o1 + 2 * (t1 + o1) * mean)) / (1 - p);
        Assert.Equal(1, mean, 1e-12);
        Assert.Equal(mean, gaps.Average(), 4 * Math.Sqrt((second - mean * mean) / count));
        Assert.Equal(1, gaps.Sum(gap => gap * gap) / count / second, 0.05);
    }

    [Theory]
    [InlineData("gamma", new long[] { 534085552, 641819501, 687096070, 945403249 })]
    [InlineData("linear", new long[] { 651836289, 1835209597, 2013048783, 2287784585 })]
    [InlineData("exponential", new long[] { 651836289, 2019344997, 2218836045, 2493571847 })]
    [InlineData("linear in time", new long[] { 614121738, 2158299474, 2442501755, 2977023658 })]
    [InlineData("exponential in time", new long[] { 629554432, 2305776653, 2622308675, 3220142622 })]
    [InlineData("diurnal", new long[] { 323291427, 1271454659, 1465595386, 1846087911 })]
    [InlineData("bursts", new long[] { 81479536, 328015642, 379885404, 482911330 })]
    public void First_arrivals_never_change(string name, long[] expected)
    {
        WorkloadSpec workload = new() { NumRequests = 4 };
        WorkloadSpec timed = new() { DurationSeconds = 10 };
        WorkloadSpec drawn = name switch
        {
            "gamma" => workload with { Burstiness = 0.5 },
            "linear" => workload with { RateCurve = Linear },
            "exponential" => workload with { RateCurve = Exponential },
            "linear in time" => timed with { RateCurve = Linear },
            "exponential in time" => timed with { RateCurve = Exponential },
            "diurnal" => workload with { RateCurve = Diurnal },
            _ => workload with { RateCurve = Bursts },
        };
        Assert.Equal(expected, Arrivals(drawn).Take(4));
    }

    [Fact]
    public void An_arrival_costs_no_memory_on_any_curve()
    {
        foreach (RateCurveSpec curve in (RateCurveSpec[])[Linear, Exponential, Diurnal, Bursts])
        {
            // The runtime may allocate on this thread while it compiles what runs often; only what recurs is the sampler's.
            Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => Allocated(curve)));
        }

        static long Allocated(RateCurveSpec curve)
        {
            WorkloadSpec workload = new() { NumRequests = 10_000, Burstiness = 0.5, RateCurve = curve };
            ArrivalSampler arrivals = ArrivalSampler.Create(workload, seed: 0);
            arrivals.Next();
            long before = GC.GetAllocatedBytesForCurrentThread();
            long last = 0;
            for (int i = 0; i < 10_000; i++)
            {
                long next = arrivals.Next();
                Assert.True(next >= last);
                last = next;
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    public static TheoryData<WorkloadSpec, string> Wrong => new()
    {
        { new() { Burstiness = 0 }, "workload.burstiness" },
        { new() { Burstiness = double.NaN }, "workload.burstiness" },
        { new() { Burstiness = 2, Arrival = ArrivalProcess.Deterministic }, "workload.burstiness" },
        { new() { RateCurve = Linear with { StartRatePerSecond = 0 } }, "workload.rate_curve.start" },
        { new() { RateCurve = Exponential with { EndRatePerSecond = double.PositiveInfinity } }, "workload.rate_curve.end" },
        { new() { RateCurve = new() { Curve = (RateCurve)9 } }, "workload.rate_curve.curve" },
        { new() { RateCurve = Diurnal with { Amplitude = 1.1 } }, "workload.rate_curve.amplitude" },
        { new() { RateCurve = Diurnal with { PeriodSeconds = 0 } }, "workload.rate_curve.period" },
        { new() { RateCurve = Diurnal, RequestRatePerSecond = double.PositiveInfinity }, "workload.request_rate" },
        { new() { RateCurve = Bursts with { OnSeconds = 0 } }, "workload.rate_curve.on" },
        { new() { RateCurve = Bursts with { OnSeconds = 1e-6, OffSeconds = 1e-6 } }, "workload.rate_curve.on" },
        { new() { RateCurve = Bursts with { OffSeconds = -1 } }, "workload.rate_curve.off" },
        { new() { RateCurve = Bursts with { Periods = (BurstPeriods)9 } }, "workload.rate_curve.periods" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(WorkloadSpec workload, string field) =>
        Assert.Equal(field, Assert.Single(WorkloadChecks.Problems(workload)).Field);

    private static long[] Arrivals(WorkloadSpec workload) => [.. Sources.Read(workload, seed: 0).Select(r => r.Arrival.Nanoseconds)];

    private static double[] Gaps(WorkloadSpec workload, int count)
    {
        long[] arrivals = Arrivals(workload with { NumRequests = count + 1 });
        return [.. Enumerable.Range(0, count).Select(i => (arrivals[i + 1] - arrivals[i]) / 1e9)];
    }
}
