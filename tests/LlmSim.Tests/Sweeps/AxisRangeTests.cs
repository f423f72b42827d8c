using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Sweeps;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Tests.Sweeps;

/// <summary>Values in short.</summary>
public sealed class AxisRangeTests
{
    [Theory]
    [InlineData("{from: 1, to: 4, step: 1}", "1 2 3 4")]
    [InlineData("{from: 1, to: 16, step: 4}", "1 5 9 13")]
    [InlineData("{from: 0.1, to: 0.7, step: 0.1}", "0.1 0.2 0.3 0.4 0.5 0.6 0.7")]
    [InlineData("{from: 3, to: 1, step: -1}", "3 2 1")]
    [InlineData("{from: 5, to: 5, step: 1}", "5")]
    [InlineData("{from: 1e-3, to: 3e-3, step: 1e-3}", "0.001 0.002 0.003")]
    [InlineData("{from: 0, to: 1, count: 5}", "0 0.25 0.5 0.75 1")]
    [InlineData("{from: 0, to: 1, count: 4, scale: linear}", "0 0.333333333333 0.666666666667 1")]
    [InlineData("{from: 10, to: 0, count: 3}", "10 5 0")]
    [InlineData("{from: 1, to: 100, count: 3, scale: log}", "1 10 100")]
    [InlineData("{from: 64, to: 1, count: 7, scale: log}", "64 32 16 8 4 2 1")]
    [InlineData("{from: 1, to: 2, count: 3, scale: log}", "1 1.41421356237 2")]
    public void Gives(string range, string values)
    {
        var problems = new List<ConfigProblem>();
        Assert.Equal(values, string.Join(' ', AxisRange.Read(Node(range), "x", problems).Select(node => node.Text)));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("{from: 1, to: 4}", "f.yaml:1: x: a range without step or count is not allowed")]
    [InlineData("{from: 1, to: 4, step: 1, count: 4}", "x: step and count is not allowed")]
    [InlineData("{to: 4, step: 1}", "x.from: nothing is not allowed")]
    [InlineData("{from: a, to: 4, step: 1}", "x.from: a is not allowed (a number")]
    [InlineData("{from: 1, to: nan, step: 1}", "x.to: nan is not allowed")]
    [InlineData("{from: 1, to: inf, step: 1}", "x.to: inf is not allowed")]
    [InlineData("{from: 1, to: 1e300, step: 1}", "x.to: 1e300 is not allowed")]
    [InlineData("{from: 1, to: 4, step: 0}", "x.step: 0 is not allowed")]
    [InlineData("{from: 1, to: 4, step: -1}", "x.step: -1 is not allowed")]
    [InlineData("{from: 0, to: 1e15, step: 0.001}", "x.step: 0.001 is not allowed (at most 10000000 values)")]
    [InlineData("{from: 1, to: 4, count: 1}", "x.count: 1 is not allowed")]
    [InlineData("{from: 1, to: 4, count: 2.5}", "x.count: 2.5 is not allowed")]
    [InlineData("{from: 1, to: 4, count: 10000001}", "x.count: 10000001 is not allowed")]
    [InlineData("{from: 0, to: 4, count: 3, scale: log}", "x.from: 0 is not allowed (above 0, where scale is log)")]
    [InlineData("{from: 1, to: -4, count: 3, scale: log}", "x.to: -4 is not allowed (above 0, where scale is log)")]
    [InlineData("{from: 1, to: 4, step: 1, scale: log}", "x.step: a step is not allowed (count, where scale is log)")]
    [InlineData("{from: 1, to: 4, count: 3, scale: cubic}", "x.scale: cubic is not allowed (linear or log)")]
    [InlineData("{from: 1, to: 4, cont: 3, count: 3}", "x.cont: this key is not allowed (known keys: from, to, step, count, scale). Did you mean count?")]
    public void Refuses(string range, string words)
    {
        var problems = new List<ConfigProblem>();
        Assert.Empty(AxisRange.Read(Node(range), "x", problems));
        Assert.Contains(words, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    private static ScenarioNode Node(string range) => YamlNodes.Parse($"x: {range}", "f.yaml")["x"]!;
}
