using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs.Engines;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>
/// What Orca, Sarathi-Serve and TensorRT-LLM are known by, worked by hand in small scenarios: a step takes 100 ns + 1 ns a token,
/// blocks hold 4 tokens, one step is in flight.
/// </summary>
public sealed class ReservationTimelineTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 4,
        MaxNumBatchedTokens = 100,
        MaxModelLen = 50,
        UsableBlocks = 20,
        BlockSize = 4,
    };

    private static readonly EngineLimits Orca = Limits with { Reservation = KvReservation.Completion, EnableChunkedPrefill = false };

    private static readonly EngineLimits Sarathi = Limits with { Reservation = KvReservation.Prompt, MaxNumBatchedTokens = 8 };

    private static ArrivingRequest At(long ns, int input, int output, int limit = 0) =>
        new(new SimTime(ns), input, output) { OutputLimit = limit };

    private static List<(long Id, long Ns, int Index)> Tokens(EngineLimits limits, params ArrivingRequest[] requests)
    {
        var scenario = new EngineScenario(limits, 100 << 20, 1 << 20, 0, 0, 0, 0, requests);
        var (fast, plain) = (new StoryObserver(), new StoryObserver());
        scenario.Run(stepByStep: false, fast);
        scenario.Run(stepByStep: true, plain);
        Assert.Equal(plain.Lines, fast.Lines);
        return [.. fast.Tokens.Select(t => (t.RequestId, t.Time.Nanoseconds, t.Index))];
    }

    [Fact]
    public void Orca_admits_who_finds_memory_for_the_longest_answer_and_nobody_overtakes()
    {
        // 10 blocks. A reserves for 5 + 20 tokens 7 of them, B for 5 + 3 tokens 2. C asks for 4 and waits, with D behind it, who asks
        // for 1, until A and B are done after 110 + 102 + 102 ns, though A and B never have more than 4 blocks of tokens.
        Assert.Equal(
            [
                (0, 110, 1), (1, 110, 1), (0, 212, 2), (1, 212, 2), (0, 314, 3), (1, 314, 3),
                (2, 428, 1), (3, 428, 1), (2, 529, 2), (2, 630, 3),
            ],
            Tokens(Orca with { UsableBlocks = 10 }, At(0, 5, 3, limit: 20), At(0, 5, 3), At(0, 13, 3), At(0, 1, 1)));
    }

    [Fact]
    public void Orca_computes_a_prompt_in_one_iteration_and_Sarathi_beside_the_decodes_in_what_the_budget_leaves()
    {
        // A decodes when B comes with 14 tokens. Orca: 100 + 1 + 14. Sarathi: twice 100 + 1 + 7, so A's gap stays at 108.
        ArrivingRequest[] requests = [At(0, 4, 4), At(50, 14, 1)];
        Assert.Equal([(0, 104, 1), (0, 219, 2), (1, 219, 1), (0, 320, 3), (0, 421, 4)], Tokens(Orca, requests));
        Assert.Equal([(0, 104, 1), (0, 212, 2), (0, 320, 3), (1, 320, 1), (0, 421, 4)], Tokens(Sarathi, requests));
    }

    [Fact]
    public void Sarathi_takes_the_blocks_of_a_whole_prompt_at_once_and_vllm_those_of_a_step()
    {
        // A: 16 tokens in two steps, 5 blocks with its first decode. B's prompt has 3 blocks, its first chunk of 7 tokens 2, and 2 of 7
        // are free: vLLM starts it beside A's decode at 216, Sarathi when A is done at 317.
        ArrivingRequest[] requests = [At(0, 16, 2), At(0, 12, 2)];
        EngineLimits pool = Sarathi with { UsableBlocks = 7 };
        Assert.Equal([(0, 216, 1), (0, 317, 2), (1, 529, 1), (1, 630, 2)], Tokens(pool, requests));
        Assert.Equal([(0, 216, 1), (0, 324, 2), (1, 429, 1), (1, 530, 2)],
            Tokens(pool with { Reservation = KvReservation.OnDemand }, requests));
    }

    [Fact]
    public void An_admission_leaves_the_watermark_free()
    {
        // 6 blocks, 1 of them to be left: B's 3 blocks do not fit beside A's 3 until A is done.
        ArrivingRequest[] requests = [At(0, 8, 2), At(0, 8, 1)];
        EngineLimits pool = Limits with { UsableBlocks = 5, Reservation = KvReservation.Prompt };
        Assert.Equal([(0, 116, 1), (1, 116, 1), (0, 217, 2)], Tokens(pool, requests));
        Assert.Equal([(0, 108, 1), (0, 209, 2), (1, 317, 1)], Tokens(pool with { WatermarkBlocks = 2 }, requests));
    }

    [Fact]
    public void Static_batch_admits_when_none_runs()
    {
        ArrivingRequest[] requests = [At(0, 5, 3), At(50, 5, 1), At(60, 5, 1)];
        Assert.Equal([(0, 105, 1), (0, 216, 2), (1, 216, 1), (2, 216, 1), (0, 317, 3)], Tokens(Orca, requests));
        Assert.Equal([(0, 105, 1), (0, 206, 2), (0, 307, 3), (1, 417, 1), (2, 417, 1)],
            Tokens(Orca with { FillsOnlyWhenEmpty = true }, requests));
    }

    [Fact]
    public void Max_utilization_pauses_the_last_started_and_computes_prompt_and_answer_again()
    {
        // 5 blocks, two prompts of 2. At the ninth token A takes the fifth block and B is paused. It comes back when A is done, for
        // 8 + 1 tokens, and goes on with its second token.
        Assert.Equal(
            [
                (0, 116, 1), (1, 116, 1), (0, 217, 2), (0, 318, 3), (0, 419, 4), (0, 520, 5), (0, 621, 6),
                (1, 730, 2), (1, 831, 3), (1, 932, 4),
            ],
            Tokens(Limits with { UsableBlocks = 5, Reservation = KvReservation.Prompt }, At(0, 8, 6), At(0, 8, 4)));
    }

    [Fact]
    public void Parts_of_a_prompt_end_at_the_end_of_a_block()
    {
        // A budget of 10: 25 tokens as 8, 8 and 9.
        EngineLimits trt = Limits with { Reservation = KvReservation.Completion, MaxNumBatchedTokens = 10, ChunkUnit = 4 };
        Assert.Equal([(0, 325, 1), (0, 426, 2)], Tokens(trt, At(0, 25, 2)));
    }

    [Fact]
    public void A_prompt_over_the_budget_is_rejected_where_prompts_are_not_split()
    {
        var story = new StoryObserver();
        new EngineScenario(Orca with { MaxNumBatchedTokens = 10 }, 100 << 20, 1 << 20, 0, 0, 0, 0, [At(0, 11, 1), At(0, 10, 1)])
            .Run(stepByStep: false, story);
        Assert.Contains(story.Lines, line => line.Contains(
            "prompt of 11 tokens; at most 10 fit max_num_batched_tokens without chunked prefill", StringComparison.Ordinal));
        Assert.Equal([(1, 110, 1)], story.Tokens.Select(t => (t.RequestId, t.Time.Nanoseconds, t.Index)));
    }
}
