using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmSim.Tests.Golden;

/// <summary>
/// Small scenarios over all features, each with the figures it must give: what changes results shows in review.
/// LLMSIM_UPDATE_SNAPSHOTS=1 writes the figures.
/// </summary>
public sealed partial class GoldenTests
{
    private const double Tolerance = 1e-9;
    private const int Threads = 8;

    public static TheoryData<string> Scenarios { get; } = [.. GoldenScenario.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Gives_the_figures_as_before(string name)
    {
        var scenario = new GoldenScenario(name);
        var figures = GoldenScenario.Figures(scenario.Run());
        if (Checkout.UpdatesSnapshots)
        {
            IEnumerable<string> lines = figures.Select(figure => $"  \"{figure.Name}\": {figure.Value.ToString("R", CultureInfo.InvariantCulture)}");
            File.WriteAllText(scenario.FiguresPath, $"{{\n{string.Join(",\n", lines)}\n}}\n");
            return;
        }

        var expected = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(scenario.FiguresPath))!;
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), figures.Select(figure => figure.Name).Order(StringComparer.Ordinal));
        Assert.All(figures, figure => Assert.True(
            Math.Abs(figure.Value - expected[figure.Name]) <= Tolerance * Math.Abs(expected[figure.Name]),
            $"{figure.Name}: {figure.Value:R} instead of {expected[figure.Name]:R}"));
    }

    /// <summary>
    /// To the byte, but for confidence intervals of several replicas: the engines may report those in different order, and so cut
    /// batches elsewhere.
    /// </summary>
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Both_engines_agree(string name)
    {
        var scenario = new GoldenScenario(name);
        (string fast, string plain) = (scenario.Result(), scenario.Result(stepByStep: true));
        if (scenario.Config.Parallelism.DataParallel > 1)
        {
            (fast, plain) = (Interval().Replace(fast, ""), Interval().Replace(plain, ""));
        }

        Assert.Equal(plain, fast);
    }

    /// <summary>All scenarios on many threads at once, each thread in an order of its own, against one after the other.</summary>
    [Fact]
    public async Task Threads_do_not_change_a_byte()
    {
        GoldenScenario[] scenarios = [.. GoldenScenario.Names.Select(name => new GoldenScenario(name))];
        string[] alone = [.. scenarios.Select(scenario => scenario.Result())];
        using var start = new Barrier(Threads);
        string[][] together = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                var results = new string[scenarios.Length];
                for (int i = 0; i < results.Length; i++)
                {
                    int turn = (i + thread) % results.Length;
                    results[turn] = scenarios[turn].Result();
                }

                return results;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.All(together, results => Assert.Equal(alone, results));
    }

    [GeneratedRegex("\"[a-z0-9._]+_ci95\": (null|\\[[^]]*\\])")]
    private static partial Regex Interval();
}
