using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Pipelines worked by hand and against the closed form. A step takes 1,000 ns and 3 a token, shared out as the test says.</summary>
public sealed class PipelineTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 64,
        MaxNumBatchedTokens = 100,
        MaxModelLen = 1000,
        UsableBlocks = 10_000,
        BlockSize = 16,
    };

    /// <summary>
    /// Stages of 1/3 and 2/3: a prompt of 100 tokens takes 1,300 ns, 433⅓ and 866⅔. The second prompt enters the first stage when the
    /// first has left it and waits there for the second stage: it is done one long stage after the first. Then each decodes on its
    /// own, 1,003 ns a step.
    /// </summary>
    [Fact]
    public void Two_prompts_overlap_in_unequal_stages()
    {
        StoryObserver story = Run(2, At(0, 100, 1), At(0, 100, 1));
        Assert.Equal([(0, 1300), (1, 1300 + 866)], story.Tokens.Select(token => ((int)token.RequestId, token.Time.Nanoseconds)));
    }

    /// <summary>
    /// m batches that are there at once are done after m − 1 times the longest stage and one way through all stages; with equal
    /// stages the share of time that a stage idles is (p − 1) / (m + p − 1).
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(40)]
    public void Batches_behind_each_other_leave_the_bubbles_of_the_closed_form(int batches)
    {
        // Three stages of 1, 2 and 3 parts of 1,302 ns (prompts of 100 tokens, 6 · 217 ns = 1,302).
        StoryObserver story = Run(3, step: 1002, [.. Enumerable.Repeat(At(0, 100, 1), batches)]);
        Assert.Equal(1302 + (batches - 1) * 651, story.Tokens[^1].Time.Nanoseconds);
    }

    /// <summary>
    /// A batch's requests are not scheduled again before it is back, so two groups of decoding requests take turns: while one is in
    /// the second stage the other is in the first.
    /// </summary>
    [Fact]
    public void Groups_of_requests_take_turns()
    {
        // Prompts of 100 fill a step, so that each request is alone in its batch. Stages take 334⅓ and 668⅔ ns of a decode step.
        StoryObserver story = Run(2, At(0, 100, 4), At(0, 100, 4));
        long[] first = [.. story.Tokens.Where(token => token.RequestId == 0).Select(token => token.Time.Nanoseconds)];
        long[] second = [.. story.Tokens.Where(token => token.RequestId == 1).Select(token => token.Time.Nanoseconds)];

        // The second stage is always busy: a token every 668⅔ ns once both decode, by turns.
        Assert.Equal(669, second[1] - first[1], 1.0);
        Assert.Equal(669, first[2] - second[1], 1.0);
        Assert.Equal(669, second[3] - first[3], 1.0);
    }

    /// <summary>A request that comes while a lone batch is in the pipeline waits until that is back, as vLLM's loop blocks on it.</summary>
    [Fact]
    public void An_arrival_joins_when_the_oldest_batch_is_back()
    {
        StoryObserver story = Run(2, At(0, 10, 3), At(1200, 10, 1));

        // Prefill 1,030 ns, decode to 2,033; the newcomer's prefill shares the next step: 1,000 + 3·11.
        Assert.Equal(2033 + 1033, story.Tokens.First(token => token.RequestId == 1).Time.Nanoseconds);
    }

    [Fact]
    public void Busy_time_is_that_of_all_stages()
    {
        var meter = new MetricsCollector(Limits with { PipelineStages = 3 });
        using var source = new ListSource([.. Enumerable.Repeat(At(0, 100, 1), 5)]);
        var run = new ServingRun(source, new() { TokenizationSecondsPerToken = 0 }, Limits with { PipelineStages = 3 },
            new AffineCost(1002 << 20, 3 << 20, 0, 0, 0, stages: 3), meter, LlmSim.Serving.Events.EventHub.Silent, stepByStep: false);
        Assert.True(run.Run(CancellationToken.None));
        meter.Ended(run.Now.Nanoseconds);
        SimulationStatistics s = new SimulationMetrics(meter, Limits with { PipelineStages = 3 }, null, isPartial: false).ComputeStatistics();

        // Five batches keep three stages busy for 5·1,302 of 3·(1,302 + 4·651) ns.
        Assert.Equal(5 * 1302 / (3.0 * (1302 + (4 * 651))), s.GpuUtilization, 1e-9);
    }

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);

    private static StoryObserver Run(int stages, params ArrivingRequest[] requests) => Run(stages, step: 1000, requests);

    private static StoryObserver Run(int stages, long step, ArrivingRequest[] requests)
    {
        var story = new StoryObserver();
        new EngineScenario(Limits with { PipelineStages = stages }, step << 20, 3 << 20, 0, 0, 0, 0, requests).Run(stepByStep: false, story);
        return story;
    }
}
