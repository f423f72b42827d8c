using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class TraceToolTests : IDisposable
{
    private const string Rows = "arrival_s,input_tokens,output_tokens,class\n1,1,1,a\n2,2,1,b\n4,3,1,a\n7,4,1,b\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_slice_starts_at_zero_and_leaves_its_end_out()
    {
        AssertRead(t => t with { StartSeconds = 2 }, "0 2 1", "2000000000 3 1", "5000000000 4 1");
        AssertRead(t => t with { EndSeconds = 4 }, "1000000000 1 1", "2000000000 2 1");
        AssertRead(t => t with { StartSeconds = 1.5, EndSeconds = 7 }, "500000000 2 1", "2500000000 3 1");
    }

    [Fact]
    public void A_class_alone_is_sent() => AssertRead(t => t with { Class = "b" }, "2000000000 2 1", "7000000000 4 1");

    [Fact]
    public void A_repetition_begins_where_the_slice_ends()
    {
        AssertRead(t => t with { EndSeconds = 3, Repeat = 3 },
            "1000000000 1 1", "2000000000 2 1", "4000000000 1 1", "5000000000 2 1", "7000000000 1 1", "8000000000 2 1");

        // Without an end, one mean gap, 2 s, after the last request: at 9 s.
        AssertRead(t => t with { Repeat = 2 },
            "1000000000 1 1", "2000000000 2 1", "4000000000 3 1", "7000000000 4 1",
            "10000000000 1 1", "11000000000 2 1", "13000000000 3 1", "16000000000 4 1");
    }

    [Fact]
    public void A_span_stretches_the_slice()
    {
        AssertRead(t => t with { SpanSeconds = 14 }, "2000000000 1 1", "4000000000 2 1", "8000000000 3 1", "14000000000 4 1");
        AssertRead(t => t with { SpanSeconds = 1, StartSeconds = 2, EndSeconds = 6 }, "0 2 1", "500000000 3 1");
        AssertRead(t => t with { SpanSeconds = 1, EndSeconds = 2, Repeat = 2 }, "500000000 1 1", "1500000000 1 1");
    }

    [Fact]
    public void Scale_number_and_duration_come_last()
    {
        TraceSpec trace = Trace() with { EndSeconds = 3, Repeat = 1000, Scale = 2 };
        WorkloadSpec workload = new() { Trace = trace, DurationSeconds = 3, NumRequests = 10 };
        Assert.Equal(["500000000 1 1", "1000000000 2 1", "2000000000 1 1", "2500000000 2 1"], Sources.Read(workload, seed: 0).Select(Sources.Show));
        Assert.Equal(10, Sources.Read(workload with { DurationSeconds = null }, seed: 0).Count);
    }

    [Fact]
    public void A_repetition_may_go_on_for_ever_but_not_beyond_simulated_time()
    {
        TraceSpec trace = Trace() with { EndSeconds = 4e9, Repeat = int.MaxValue };
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(new WorkloadSpec { Trace = trace }, seed: 0));
        Assert.Equal("workload.trace_scale", Assert.Single(error.Problems).Field);
    }

    [Theory]
    [InlineData(10, null, null, "workload.trace_start")]
    [InlineData(0, 0.5, null, "workload.trace_start")]
    [InlineData(0, 4.0, "c", "workload.trace_class")]
    public void A_slice_without_requests_is_refused(double start, double? end, string? name, string field)
    {
        TraceSpec trace = Trace() with { StartSeconds = start, EndSeconds = end, Class = name };
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(new WorkloadSpec { Trace = trace }, seed: 0));
        Assert.Equal(field, Assert.Single(error.Problems).Field);
    }

    [Fact]
    public void A_span_needs_time_to_stretch()
    {
        TraceSpec trace = new() { Path = _folder.Write("t.csv", "arrival_s,input_tokens,output_tokens\n0,1,1\n0,1,1\n"), SpanSeconds = 9 };
        ConfigException error = Assert.Throws<ConfigException>(() => Sources.Read(new WorkloadSpec { Trace = trace }, seed: 0));
        Assert.Equal("workload.trace_span", Assert.Single(error.Problems).Field);
    }

    public static TheoryData<TraceSpec, string> Wrong
    {
        get
        {
            TraceSpec trace = new() { Path = "t.csv" };
            return new()
            {
                { trace with { SpanSeconds = 0 }, "workload.trace_span" },
                { trace with { SpanSeconds = 1, Scale = 2 }, "workload.trace_span" },
                { trace with { StartSeconds = -1 }, "workload.trace_start" },
                { trace with { StartSeconds = double.NaN, EndSeconds = null }, "workload.trace_start" },
                { trace with { StartSeconds = 5, EndSeconds = 5 }, "workload.trace_end" },
                { trace with { Repeat = 0 }, "workload.trace_repeat" },
                { trace with { Class = "" }, "workload.trace_class" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(TraceSpec trace, string field) =>
        Assert.Equal(field, Assert.Single(WorkloadChecks.Problems(new WorkloadSpec { Trace = trace })).Field);

    private TraceSpec Trace() => new() { Path = _folder.Write("t.csv", Rows) };

    private void AssertRead(Func<TraceSpec, TraceSpec> change, params string[] expected) =>
        Assert.Equal(expected, Sources.Read(new WorkloadSpec { Trace = change(Trace()) }, seed: 0).Select(Sources.Show));
}
