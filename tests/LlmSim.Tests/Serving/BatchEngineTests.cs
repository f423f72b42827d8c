using CsCheck;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Static and dynamic batching: jumped against step by step, against a naive model, and by hand.</summary>
public sealed class BatchEngineTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 4,
        MaxNumBatchedTokens = 10,
        MaxModelLen = 50,
        UsableBlocks = 20,
        BlockSize = 4,
        BatchSize = 2,
    };

    internal static readonly Gen<EngineScenario> Drawn =
        from scenario in EngineScenario.Drawn
        from size in Gen.Int[1, scenario.Limits.MaxNumSeqs]
        from window in Gen.OneOf(Gen.Const(long.MaxValue), Gen.Const(0L), Gen.Long[0, scenario.Requests[^1].Arrival.Nanoseconds + 2])
        let fills = window != long.MaxValue || scenario.Clients is null || scenario.Replicas * (size - 1) < scenario.Clients
        select scenario with
        {
            Clients = fills ? scenario.Clients : null,
            Limits = scenario.Limits with
            {
                Order = null,
                Shares = null,
                Patience = null,
                IsAsynchronous = false,
                BatchSize = size,
                BatchWindowNs = window,
                MaxNumBatchedTokens = Math.Max(scenario.Limits.MaxNumBatchedTokens, scenario.Limits.EnableChunkedPrefill ? 0 : scenario.Limits.MaxModelLen),
            },
        };

    [Fact]
    public void Jumps_and_single_steps_agree_to_the_last_quantum()
    {
        long runs = 0;
        Drawn.Sample(
            scenario =>
            {
                ExactMeter jumped = scenario.Run(stepByStep: false);
                Interlocked.Add(ref runs, jumped.Runs);
                Assert.Equal(scenario.Run(stepByStep: true).Fingerprint(), jumped.Fingerprint());
            },
            iter: 1000);
        Assert.True(runs > 500, $"only {runs} decode runs were jumped: the scenarios no longer test much");
    }

    [Fact]
    public void Conservation_limits_and_order_hold_and_observing_changes_nothing() =>
        Drawn.Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                ExactMeter observed = scenario.Run(false, observer);
                observer.CheckEnd();
                Assert.Equal(scenario.Requests.Count, observed.Records.Count + observed.RejectedCount);
                Assert.Equal(scenario.Run(false).Fingerprint(), observed.Fingerprint());
            },
            iter: 500);

    [Fact]
    public void A_naive_model_gives_the_same_times() =>
        Drawn.Where(scenario => scenario is { Limits: { PipelineStages: 1, MaxQueuedRequests: 0, OutputQuanta: 0, StreamQuanta: 0 }, Replicas: 1, Clients: null }).Sample(
            scenario => Assert.Equal(
                NaiveBatches.Run(scenario),
                scenario.Run(false).Records.OrderBy(r => r.Id)
                    .Select(r => (r.Id, r.Scheduled.Nanoseconds, r.FirstToken.Nanoseconds, r.Finish.Nanoseconds))),
            iter: 500);

    [Fact]
    public void A_static_batch_waits_to_be_full_and_lasts_as_long_as_its_longest_member()
    {
        // A step takes 100 ns + 1 ns a token. The batch of two is there at 500. Prompts of 5 + 5 tokens: one step, 500-610. A's
        // second and last token comes with the first decode step of 102 ns; the other two steps carry it as padding. C came
        // while they ran and is alone: nothing more can come, so it starts when the batch is done, at 916.
        StoryObserver story = Run(Limits, At(0, 5, 2), At(500, 5, 4), At(700, 5, 1));
        Assert.Equal([(0, 610, 1), (1, 610, 1), (0, 712, 2), (1, 712, 2), (1, 814, 3), (1, 916, 4), (2, 1021, 1)], Tokens(story));
    }

    [Fact]
    public void Prompts_beyond_the_token_budget_take_several_steps_and_decoding_waits_for_all()
    {
        // 8 + 8 tokens in steps of 10 and 6: A has its first token at 110, B at 216; both decode from there.
        StoryObserver story = Run(Limits, At(0, 8, 2), At(0, 8, 2));
        Assert.Equal([(0, 110, 1), (1, 216, 1), (0, 318, 2), (1, 318, 2)], Tokens(story));
    }

    [Fact]
    public void A_dynamic_batch_starts_when_its_oldest_request_has_waited_the_window()
    {
        // Window 300: A starts alone at 300; B, from 350 on, waits until 650. D fills C's batch at 1100.
        StoryObserver story = Run(
            Limits with { BatchWindowNs = 300 }, At(0, 5, 1), At(350, 5, 1), At(1000, 5, 1), At(1100, 5, 1));
        Assert.Equal([(0, 405, 1), (1, 755, 1), (2, 1210, 1), (3, 1210, 1)], Tokens(story));
    }

    [Fact]
    public void A_batch_is_cut_where_memory_does_not_last()
    {
        // 8 blocks of 4 tokens. Each row is reserved its prompt and the longest output but its last token: 13 + 7 tokens, 5 blocks.
        StoryObserver story = Run(Limits with { UsableBlocks = 8, MaxModelLen = 30 }, At(0, 13, 1), At(0, 13, 8));
        Assert.Equal([0, 1], story.Tokens.Where(t => t.Index == 1).Select(t => t.RequestId));
        Assert.Equal(2, story.Lines.Count(line => line.Contains("RequestScheduled", StringComparison.Ordinal)));
        Assert.True(story.Tokens.First(t => t.RequestId == 1).Time > story.Tokens.First(t => t.RequestId == 0).Time);
    }

    [Fact]
    public void A_batch_starts_when_clients_send_nothing_more()
    {
        // Three clients, batches of two. When the first two have their answers at 110 the fourth request would be sent, but no
        // request is sent later than 50: the third starts alone.
        var story = new StoryObserver();
        using var source = new ListSource([At(0, 5, 1), At(0, 5, 1), At(0, 5, 1), At(0, 5, 1)]);
        new ServingRun(
            source, new HostSpec { TokenizationSecondsPerToken = 0 }, Limits, new AffineCost(100 << 20, 1 << 20, 0, 0, 0),
            new ExactMeter(10, 4), new EventHub([story]), stepByStep: false, clients: new ClientLimit(3, 0, new SimTime(50)))
            .Run(CancellationToken.None);
        Assert.Equal([(0, 110, 1), (1, 110, 1), (2, 215, 1)], Tokens(story));
    }

    private static StoryObserver Run(EngineLimits limits, params ArrivingRequest[] requests)
    {
        var story = new StoryObserver();
        new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep: false, story);
        return story;
    }

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);

    private static List<(long Id, long Ns, int Index)> Tokens(StoryObserver story) =>
        [.. story.Tokens.Select(t => (t.RequestId, t.Time.Nanoseconds, t.Index))];
}
