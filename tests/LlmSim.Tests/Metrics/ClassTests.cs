using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Specs;
using static LlmSim.Tests.Metrics.Toy;

namespace LlmSim.Tests.Metrics;

/// <summary>The toy's requests in two classes: A and B chat, C a long one.</summary>
public sealed class ClassTests
{
    // Time to first token 10, 15 | 25 ms; end to end 30, 25 | 25.
    [Fact]
    public void Each_class_has_its_own_figures_and_objectives()
    {
        RequestClassSpec[] specs = [new() { Name = "chat", FirstTokenMilliseconds = 12 }, new() { Name = "long" }];
        SimulationStatistics s = Statistics(new ClassTallies(specs, ["chat", "long"], new SloSpec { E2elMilliseconds = 26 }));
        Assert.Equal([("chat", 2L, 300L, 5L), ("long", 1L, 300L, 1L)],
            s.Classes.Select(c => (c.Name, c.CompletedRequests, c.InputTokens, c.OutputTokens)));
        Assert.Equal((Ms(12.5), Ms(25)), (s.Classes[0].FirstTokenLatency.Mean, s.Classes[1].FirstTokenLatency.Mean));
        Assert.Equal((2L, 0L), (s.Classes[0].TimePerOutputToken.Count, s.Classes[1].TimePerOutputToken.Count));
        Assert.Equal((Ms(27.5), Ms(25)), (s.Classes[0].EndToEndLatency.Mean, s.Classes[1].EndToEndLatency.Mean));

        // A keeps chat's 12 ms, B does not; C keeps the scenario's 26 ms, which chat's own objective replaces.
        Assert.Equal((1L, 0.5, 1L), (s.Classes[0].Goodput!.Requests, s.Classes[0].Goodput!.Share, s.Classes[1].Goodput!.Requests));
        Assert.Equal((2L, 2 / 3.0), (s.Goodput!.Requests, s.Goodput.Share));
    }

    [Fact]
    public void A_trace_without_classes_has_none() => Assert.Empty(Statistics(new ClassTallies([], [], null)).Classes);

    private static SimulationStatistics Statistics(ClassTallies classes)
    {
        var collector = new MetricsCollector(Limits) { Classes = classes };
        collector.Finished(new RequestRecord(0, Ms(100), Ms(100), Ms(100), Ms(110), Ms(130), 100, 3, 0));
        collector.Finished(new RequestRecord(1, Ms(105), Ms(105), Ms(110), Ms(120), Ms(130), 200, 2, 0));
        collector.Finished(new RequestRecord(2, Ms(115), Ms(115), Ms(130), Ms(140), Ms(140), 300, 1, 0, Class: 1));
        return new SimulationMetrics(collector, Limits, null, isPartial: false).ComputeStatistics();
    }
}
