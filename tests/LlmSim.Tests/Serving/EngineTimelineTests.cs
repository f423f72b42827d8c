using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Small scenarios worked by hand: a step takes 100 ns + 1 ns a token.</summary>
public sealed class EngineTimelineTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 2,
        MaxNumBatchedTokens = 10,
        MaxModelLen = 50,
        UsableBlocks = 20,
        BlockSize = 4,
    };

    private static StoryObserver Run(int depth, params ArrivingRequest[] requests)
    {
        var story = new StoryObserver();
        var scenario = new EngineScenario(
            Limits with { IsAsynchronous = depth == 2 }, 100 << 20, 1 << 20, 0, 0, 0, 0, requests);
        scenario.Run(stepByStep: false, story);
        return story;
    }

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);

    private static List<(long Id, long Ns, int Index)> Tokens(StoryObserver story) =>
        [.. story.Tokens.Select(t => (t.RequestId, t.Time.Nanoseconds, t.Index))];

    [Fact]
    public void A_prompt_longer_than_the_budget_takes_several_steps_and_the_last_gives_the_first_token()
    {
        // 25 tokens in chunks of 10, 10, 5: steps of 110, 110, 105 ns; then two decode steps of 101 ns.
        StoryObserver story = Run(1, At(1000, 25, 3));
        Assert.Equal([(0, 1325, 1), (0, 1426, 2), (0, 1527, 3)], Tokens(story));
    }

    [Fact]
    public void In_the_synchronous_loop_an_arrival_joins_the_next_step()
    {
        // A: prefill 0-105, decodes of 101. B arrives at 150 (during 105-206): its prefill joins the step of 206:
        // 100 + 1 + 5 = 106 ns, so both get a token at 312.
        StoryObserver story = Run(1, At(0, 5, 4), At(150, 5, 1));
        Assert.Equal([(0, 105, 1), (0, 206, 2), (0, 312, 3), (1, 312, 1), (0, 413, 4)], Tokens(story));
    }

    [Fact]
    public void In_the_asynchronous_loop_an_arrival_joins_one_step_later()
    {
        // The step of 206 was scheduled at 105, before B arrived at 150; B joins the step of 307.
        StoryObserver story = Run(2, At(0, 5, 5), At(150, 5, 1));
        Assert.Equal([(0, 105, 1), (0, 206, 2), (0, 307, 3), (0, 413, 4), (1, 413, 1), (0, 514, 5)], Tokens(story));
    }

    [Fact]
    public void A_prompt_that_leaves_no_room_for_output_is_rejected_and_output_ends_at_the_maximum_length()
    {
        StoryObserver story = Run(1, At(0, 50, 1), At(0, 48, 100));
        Assert.Contains(story.Lines, line => line.StartsWith("RequestRejected { RequestId = 0", StringComparison.Ordinal));
        Assert.Equal(2, story.Tokens.Count(t => t.RequestId == 1));
    }

    [Fact]
    public void Events_of_one_request_come_in_the_order_of_its_life()
    {
        StoryObserver story = Run(1, At(0, 12, 2));
        Assert.Equal(
            [
                "RequestArrived", "RequestTokenized", "RequestScheduled", "BatchFormed", "PrefillStarted", "BatchFormed",
                "PrefillStarted", "PrefillFinished", "TokenEmitted", "BatchFormed", "DecodeStepStarted", "DecodeStepFinished",
                "TokenEmitted", "RequestFinished",
            ],
            story.Lines.Select(line => line.Split(' ')[0]));
    }
}
