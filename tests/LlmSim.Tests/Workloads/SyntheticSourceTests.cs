using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class SyntheticSourceTests
{
    private static readonly WorkloadSpec Drawn = new()
    {
        InputLength = LengthSpec.Lognormal(512, 0.8),
        OutputLength = LengthSpec.Uniform(16, 256),
    };

    [Fact]
    public void First_requests_never_change() => Assert.Equal(
        ["325918144 424 216", "1312062568 148 195", "1519541618 593 112", "1931645322 160 50"],
        Sources.Read(Drawn with { NumRequests = 4 }, seed: 0).Select(Sources.Show));

    [Fact]
    public void Without_limits_there_are_a_thousand_requests()
    {
        using RequestSource source = RequestSources.Create(new WorkloadSpec(), seed: 0);
        Assert.Equal(1000, source.ExpectedCount);
        Assert.Equal(1000, Sources.Read(new WorkloadSpec(), seed: 0).Count);
    }

    [Fact]
    public void A_duration_ends_the_requests_and_includes_its_last_moment()
    {
        WorkloadSpec workload = new() { Arrival = ArrivalProcess.Deterministic, DurationSeconds = 10 };
        List<ArrivingRequest> requests = Sources.Read(workload, seed: 0);
        Assert.Equal(21, requests.Count);
        Assert.Equal(10, requests[^1].Arrival.Seconds);
        using RequestSource source = RequestSources.Create(workload, seed: 0);
        Assert.Null(source.ExpectedCount);
    }

    [Fact]
    public void The_nearer_of_number_and_duration_ends_the_requests()
    {
        WorkloadSpec workload = new() { Arrival = ArrivalProcess.Deterministic, DurationSeconds = 10, NumRequests = 5 };
        Assert.Equal(5, Sources.Read(workload, seed: 0).Count);
        Assert.Equal(21, Sources.Read(workload with { NumRequests = 1000 }, seed: 0).Count);
    }

    [Fact]
    public void Nothing_comes_after_the_end()
    {
        using RequestSource source = RequestSources.Create(new WorkloadSpec { NumRequests = 1 }, seed: 0);
        Assert.True(source.TryNext(out _));
        Assert.False(source.TryNext(out _));
        Assert.False(source.TryNext(out _));
    }

    [Fact]
    public void Changing_one_law_leaves_the_other_streams_alone()
    {
        List<ArrivingRequest> before = Sources.Read(Drawn, seed: 1);
        List<ArrivingRequest> otherOutputs = Sources.Read(Drawn with { OutputLength = LengthSpec.Lognormal(99, 1) }, seed: 1);
        Assert.Equal(before.Select(r => (r.Arrival, r.InputTokens)), otherOutputs.Select(r => (r.Arrival, r.InputTokens)));
        Assert.NotEqual(before.Select(r => r.OutputTokens), otherOutputs.Select(r => r.OutputTokens));

        List<ArrivingRequest> otherInputs = Sources.Read(Drawn with { InputLength = LengthSpec.Uniform(1, 9) }, seed: 1);
        Assert.Equal(before.Select(r => (r.Arrival, r.OutputTokens)), otherInputs.Select(r => (r.Arrival, r.OutputTokens)));

        List<ArrivingRequest> otherTimes = Sources.Read(Drawn with { Arrival = ArrivalProcess.Deterministic }, seed: 1);
        Assert.Equal(before.Select(r => (r.InputTokens, r.OutputTokens)), otherTimes.Select(r => (r.InputTokens, r.OutputTokens)));
    }

    [Fact]
    public void Another_seed_gives_other_requests()
    {
        List<ArrivingRequest> a = Sources.Read(Drawn, seed: 1), b = Sources.Read(Drawn, seed: 2);
        Assert.Equal(a, Sources.Read(Drawn, seed: 1));
        Assert.NotEqual(a.Select(r => r.Arrival), b.Select(r => r.Arrival));
        Assert.NotEqual(a.Select(r => r.InputTokens), b.Select(r => r.InputTokens));
        Assert.NotEqual(a.Select(r => r.OutputTokens), b.Select(r => r.OutputTokens));
    }

    [Fact]
    public void A_request_costs_no_memory()
    {
        using RequestSource source = RequestSources.Create(Drawn with { NumRequests = 100_000 }, seed: 0);
        for (int i = 0; i < 1000; i++)
        {
            source.TryNext(out _);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        while (source.TryNext(out _))
        {
        }

        // The runtime may compile the loop anew meanwhile; an object a request would be 24 bytes each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 99_000);
    }

    [Theory]
    [InlineData(ArrivalProcess.Poisson)]
    [InlineData(ArrivalProcess.Deterministic)]
    public void A_rate_too_low_to_simulate_is_refused(ArrivalProcess process)
    {
        WorkloadSpec workload = new() { Arrival = process, RequestRatePerSecond = 1e-8, NumRequests = 1000 };
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(workload, seed: 0));
        Assert.Equal("workload.request_rate", Assert.Single(error.Problems).Field);
    }
}
