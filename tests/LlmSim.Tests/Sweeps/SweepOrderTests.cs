using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Sweeps;
using LlmSim.Scenarios;

namespace LlmSim.Tests.Sweeps;

/// <summary>The order in which points are simulated.</summary>
public sealed class SweepOrderTests
{
    [Fact]
    public void Every_point_has_its_turn_and_those_with_one_server_follow_each_other()
    {
        SweepSpec sweep = SweepFile.Read(
            YamlNodes.Parse("axes:\n  seed: [1, 2, 3]\n  tensor_parallel: [1, 2]\n  workload.request_rate: [1, 2, 3, 4, 5]\n  model: [a, b]\n", "s"),
            ScenarioNode.Object(ScenarioOrigin.Flag("")), _ => throw new InvalidOperationException());
        var order = new SweepOrder(sweep);
        long[] points = [.. Enumerable.Range(0, 60).Select(place => order.Point(place))];
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (long)i), points.Order());
        Assert.Equal(15, order.Alike);
        string[] servers = [.. points.Select(point => $"{sweep.At(point)["model"]!.Text} {sweep.At(point)["tensor_parallel"]!.Text}")];
        Assert.Equal(4, servers.Chunk(15).Select(chunk => Assert.Single(chunk.Distinct())).Distinct().Count());
    }

    [Fact]
    public void Where_all_axes_are_of_the_server_none_are_alike()
    {
        SweepSpec sweep = SweepFile.Read(YamlNodes.Parse("axes:\n  tensor_parallel: [1, 2]\nzip:\n  - {seed: [1, 2], model: [a, b]}\n", "s"),
            ScenarioNode.Object(ScenarioOrigin.Flag("")), _ => throw new InvalidOperationException());
        var order = new SweepOrder(sweep);
        Assert.Equal((1L, 4), (order.Alike, Enumerable.Range(0, 4).Select(place => order.Point(place)).Distinct().Count()));
    }
}
