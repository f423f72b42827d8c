using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class RequestClassTests : IDisposable
{
    private static readonly RequestClassSpec Chat =
        new() { Name = "chat", Share = 0.7, InputLength = LengthSpec.Uniform(10, 19), OutputLength = LengthSpec.Fixed(5) };

    private static readonly RequestClassSpec Code = new() { Name = "code", Share = 0.3, InputLength = LengthSpec.Uniform(100, 199) };

    private static readonly WorkloadSpec Mixed = new() { Classes = [Chat, Code], NumRequests = 20_000 };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_have_their_shares_and_lengths()
    {
        List<ArrivingRequest> requests = Sources.Read(Mixed, seed: 0);
        Assert.Equal(0.3, requests.Count(r => r.Class == 1) / 20_000.0, 4 * Math.Sqrt(0.21 / 20_000));
        Assert.All(requests, r => Assert.True(r.Class == 0 ? r is { InputTokens: >= 10 and <= 19, OutputTokens: 5 }
            : r is { InputTokens: >= 100 and <= 199, OutputTokens: 128 }));
        using RequestSource source = RequestSources.Create(Mixed, seed: 0);
        Assert.Equal(["chat", "code"], source.ClassNames);
    }

    [Fact]
    public void Another_class_changes_none_of_the_requests_of_the_others()
    {
        RequestClassSpec third = new() { Name = "third", Share = 0.2 };
        WorkloadSpec more = Mixed with { Classes = [third, Chat with { Share = 0.5 }, Code] };
        int[] before = [.. Sources.Read(Mixed, seed: 0).Where(r => r.Class == 0).Take(5000).Select(r => r.InputTokens)];
        Assert.Equal(before, Sources.Read(more, seed: 0).Where(r => r.Class == 1).Take(5000).Select(r => r.InputTokens));
    }

    [Fact]
    public void A_request_of_a_class_costs_no_memory()
    {
        using RequestSource source = RequestSources.Create(Mixed, seed: 0);
        source.TryNext(out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (source.TryNext(out _))
        {
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_class_comes_out_with_the_record(bool stepByStep)
    {
        var sink = new ClassSink();
        SimulatorConfig config = LlmSim.Scenarios.DefaultScenario.Create() with
        {
            Workload = Mixed with { NumRequests = 200 },
            StepByStep = stepByStep,
        };
        new LlmInferenceSimulator(config) { Records = sink }.Run();
        Assert.Equal(Sources.Read(config.Workload, config.Seed).Select(r => r.Class), sink.Classes.OrderBy(c => c.Id).Select(c => c.Class));
    }

    [Fact]
    public void A_trace_names_classes_in_a_column()
    {
        string path = _folder.Write("t.csv", "arrival_s,input_tokens,output_tokens,class\n1,1,1,b\n2,1,1,a\n3,1,1,b\n");
        Assert.Equal([0, 1, 0], Sources.ReadTrace(path).Select(r => (int)r.Class));
        using RequestSource source = RequestSources.Create(new WorkloadSpec { Trace = new TraceSpec { Path = path } }, seed: 0);
        while (source.TryNext(out _))
        {
        }

        Assert.Equal(["b", "a"], source.ClassNames);

        WorkloadSpec named = new() { Trace = new TraceSpec { Path = path }, Classes = [new() { Name = "a" }, new() { Name = "b" }] };
        Assert.Equal([1, 0, 1], Sources.Read(named, seed: 0).Select(r => (int)r.Class));
        WorkloadSpec wrong = named with { Classes = [new() { Name = "a" }] };
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.Read(wrong, seed: 0)).Problems);
        Assert.Equal(($"{path}:2 class", "'b'"), (problem.Field, problem.Value));
    }

    [Theory]
    [InlineData("arrival_s,input_tokens,output_tokens\n1,1,1\n")]
    [InlineData("{\"timestamp\": 0, \"input_length\": 10, \"output_length\": 1}")]
    public void Classes_need_a_column_in_a_trace(string text)
    {
        string path = _folder.Write("t", text);
        WorkloadSpec named = new() { Trace = new TraceSpec { Path = path }, Classes = [Chat] };
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Sources.Read(named, seed: 0)).Problems);
        Assert.Equal((path, "no column of classes"), (problem.Field, problem.Value));
    }

    public static TheoryData<WorkloadSpec, string> Wrong => new()
    {
        { Mixed with { Classes = [Chat] }, "workload.classes" },
        { Mixed with { Classes = [Chat, Code], DatasetPath = "d" }, "workload.classes" },
        { Mixed with { Classes = [.. Enumerable.Range(0, 257).Select(i => Chat with { Name = $"{i}", Share = 1 / 257.0 })] }, "workload.classes" },
        { Mixed with { Classes = [Chat, Code with { Name = "chat" }] }, "workload.classes[1].name" },
        { Mixed with { Classes = [Chat, Code with { Name = "a,b" }] }, "workload.classes[1].name" },
        { Mixed with { Classes = [Chat, Code with { Share = double.NaN }] }, "workload.classes[1].share" },
        { Mixed with { Classes = [Chat, Code with { InputLength = LengthSpec.Fixed(0) }] }, "workload.classes[1].input_len.mean" },
        { Mixed with { Classes = [Chat, Code with { OutputLength = LengthSpec.Zipf(-1) }] }, "workload.classes[1].output_len.shape" },
        { Mixed with { Classes = [Chat with { FirstTokenMilliseconds = 0 }, Code] }, "workload.classes[0].ttft_ms" },
        { Mixed with { Classes = [Chat with { PerTokenMilliseconds = -1 }, Code] }, "workload.classes[0].tpot_ms" },
        { Mixed with { Classes = [Chat with { EndToEndMilliseconds = double.NaN }, Code] }, "workload.classes[0].e2e_ms" },
        { Mixed with { Classes = [Chat with { InputLength = null }, Code], RangeRatio = 0.5 }, "workload.classes[1].input_len" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void Each_value_out_of_range_is_named(WorkloadSpec workload, string field) =>
        Assert.Equal(field, Assert.Single(WorkloadChecks.Problems(workload)).Field);

    private sealed class ClassSink : RequestSink
    {
        public List<(long Id, byte Class)> Classes { get; } = [];

        public override void Write(in RequestRecord record) => Classes.Add((record.Id, record.Class));
    }
}
