using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>Small scenarios worked by hand: blocks of 4 tokens; a step takes 100 ns + 1 ns a token.</summary>
public sealed class PrefixCachingTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 4,
        MaxNumBatchedTokens = 32,
        MaxModelLen = 32,
        UsableBlocks = 10,
        BlockSize = 4,
        EnablePrefixCaching = true,
    };

    private sealed class AdmissionObserver : SimulationObserver
    {
        public List<(long Id, long Ns, int Cached)> Admissions { get; } = [];

        public override SimulationEvents Interests => SimulationEvents.BatchFormed;

        public override void Handle(in BatchFormed e)
        {
            foreach ((long id, int tokens) in e.Step.Cached)
            {
                Admissions.Add((id, e.Step.Start.Nanoseconds, tokens));
            }
        }
    }

    private static List<(long Id, long Ns, int Cached)> Admissions(EngineLimits limits, params ArrivingRequest[] requests)
    {
        var scenario = new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests);
        var fast = new AdmissionObserver();
        var plain = new AdmissionObserver();
        scenario.Run(stepByStep: false, fast);
        scenario.Run(stepByStep: true, plain);
        Assert.Equal(plain.Admissions, fast.Admissions);
        return fast.Admissions;
    }

    private static ArrivingRequest At(long ns, int input, int output, params (long Segment, int Tokens)[] runs) =>
        new(new SimTime(ns), input, output) { Content = new PromptContent(runs.Select(r => new ContentRun(r.Segment, r.Tokens))) };

    [Fact]
    public void An_equal_prompt_in_the_same_call_finds_all_but_the_block_with_its_last_token() =>
        Assert.Equal([(0, 0, 0), (1, 0, 4)], Admissions(Limits, At(0, 8, 2, (7, 8)), At(0, 8, 2, (7, 8))));

    [Fact]
    public void Only_whole_blocks_of_a_shared_beginning_are_found() =>
        Assert.Equal([(0, 0, 0), (1, 0, 8)], Admissions(Limits, At(0, 12, 2, (7, 11)), At(0, 12, 2, (7, 11))));

    [Fact]
    public void Without_prefix_caching_nothing_is_found() => Assert.Equal(
        [(0, 0, 0), (1, 0, 0)],
        Admissions(Limits with { EnablePrefixCaching = false }, At(0, 12, 2, (7, 12)), At(0, 12, 2, (7, 12))));

    [Fact]
    public void A_conversation_finds_the_turn_before_with_its_answer()
    {
        // The answer's last token has no keys and values: of 6 + 3 tokens 8 are computed, two blocks.
        var first = At(0, 6, 3, (7, 6)) with { Content = new PromptContent([new ContentRun(7, 6)], answerSegment: 8) };
        Assert.Equal([(0, 0, 0), (1, 1000, 8)], Admissions(Limits, first, At(1000, 14, 1, (7, 6), (8, 3), (9, 5))));
    }

    // Ten blocks. A gives back 3, B gives back 3; four were never held. C takes 6: those four, and the last two of A.
    // So A's first block is left, and all of B's, of which a prompt of the same 12 tokens may find two.
    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    public void What_was_given_back_longest_ago_is_lost_first_and_of_one_request_its_end(int segment, int cached) => Assert.Equal(
        [(0, 0, 0), (1, 500, 0), (2, 1000, 0), (3, 1500, cached)],
        Admissions(
            Limits, At(0, 12, 1, (1, 12)), At(500, 12, 1, (2, 12)), At(1000, 24, 1, (3, 24)), At(1500, 12, 1, (segment, 12))));

    [Fact]
    public void A_request_that_was_thrown_out_finds_its_own_beginning_though_nobody_shares_it()
    {
        // Six blocks. A's and B's prompts take three each. Both are full: the first decode step throws out B and takes one
        // of its blocks, the last. B comes back when A is done, finds the two blocks left, and computes 5 tokens of 13.
        EngineLimits limits = Limits with { UsableBlocks = 6, MaxModelLen = 24 };
        (long Id, long Ns, int Cached)[] admissions =
            [.. Admissions(limits, new ArrivingRequest(SimTime.Zero, 12, 3), new ArrivingRequest(SimTime.Zero, 12, 3))];
        Assert.Equal([(0, 0, 0), (1, 0, 0)], admissions[..2]);
        Assert.Equal((1, 8), (admissions[2].Id, admissions[2].Cached));
    }
}
