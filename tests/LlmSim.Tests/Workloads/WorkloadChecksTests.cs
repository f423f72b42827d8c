using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class WorkloadChecksTests
{
    [Fact]
    public void Defaults_are_in_range() => Assert.Empty(WorkloadChecks.Problems(new WorkloadSpec()));

    public static TheoryData<WorkloadSpec, string> Wrong => new()
    {
        { new() { NumRequests = 0 }, "workload.num_requests" },
        { new() { DurationSeconds = 0 }, "workload.duration" },
        { new() { DurationSeconds = double.NaN }, "workload.duration" },
        { new() { RequestRatePerSecond = -1 }, "workload.request_rate" },
        { new() { RequestRatePerSecond = double.NaN }, "workload.request_rate" },
        { new() { RequestRatePerSecond = double.PositiveInfinity, DurationSeconds = 1 }, "workload.num_requests" },
        { new() { Arrival = (ArrivalProcess)9 }, "workload.arrival" },
        { new() { InputLength = new() { Distribution = (LengthDistribution)9 } }, "workload.input_len.distribution" },
        { new() { InputLength = LengthSpec.Fixed(0) }, "workload.input_len.mean" },
        { new() { OutputLength = LengthSpec.Lognormal(double.NaN, 1) }, "workload.output_len.mean" },
        { new() { OutputLength = LengthSpec.Lognormal(10, -1) }, "workload.output_len.sigma" },
        { new() { OutputLength = LengthSpec.Lognormal(10, double.NaN) }, "workload.output_len.sigma" },
        { new() { InputLength = LengthSpec.Uniform(0, 5) }, "workload.input_len.min" },
        { new() { InputLength = LengthSpec.Uniform(6, 5) }, "workload.input_len.max" },
        { new() { Trace = new() { Path = "" } }, "workload.trace" },
        { new() { Trace = new() { Path = "t.csv", Scale = 0 } }, "workload.trace_scale" },
        { new() { Trace = new() { Path = "t.csv", Scale = double.NaN } }, "workload.trace_scale" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(WorkloadSpec workload, string field)
    {
        ConfigException error = Assert.Throws<ConfigException>(() => RequestSources.Create(workload, seed: 0));
        Assert.Equal(field, Assert.Single(error.Problems).Field);
    }

    [Fact]
    public void All_problems_come_at_once()
    {
        WorkloadSpec workload = new()
        {
            NumRequests = -1,
            RequestRatePerSecond = 0,
            InputLength = LengthSpec.Fixed(0),
            OutputLength = LengthSpec.Lognormal(0, -1, 0, -1),
        };
        Assert.Equal(7, WorkloadChecks.Problems(workload).Count);
    }
}
