using CsCheck;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>The queues before and behind the engine.</summary>
public sealed class FrontEndTests
{
    private static readonly EngineLimits Limits = new()
    {
        MaxNumSeqs = 4,
        MaxNumBatchedTokens = 100,
        MaxModelLen = 100,
        UsableBlocks = 40,
        BlockSize = 16,
    };

    [Fact]
    public void Nobody_waits_for_another_on_the_way_to_the_server()
    {
        var frontEnd = new FrontEnd(new HostSpec { IngressSeconds = 4e-6, TokenizationSecondsPerToken = 2.5e-9 });
        Assert.Equal(4000 + 50, frontEnd.Serve(0, 20));
        Assert.Equal(4050 + 25, frontEnd.Serve(10, 10)); // at the tokeniser at 4010, which is busy until 4050
    }

    [Fact]
    public void The_api_server_and_the_tokeniser_each_serve_in_turn()
    {
        // The server takes 10 ns + 1 ns a token, the tokeniser 5 ns + 2 ns a token: 30 and 45 ns for 20 tokens, 20 and 25 for 10.
        var frontEnd = new FrontEnd(new HostSpec
        {
            HttpSeconds = 10e-9,
            HttpSecondsPerToken = 1e-9,
            TokenizationSeconds = 5e-9,
            TokenizationSecondsPerToken = 2e-9,
        });
        Assert.Equal(100 + 30 + 45, frontEnd.Serve(100, 20));
        Assert.Equal(175 + 25, frontEnd.Serve(110, 10)); // out of the server at 150, the tokeniser is busy until 175
        Assert.Equal(300 + 20 + 25, frontEnd.Serve(300, 10));
    }

    [Fact]
    public void Requests_wait_for_the_api_server_as_in_an_M_D_1_queue()
    {
        const double load = 0.7, serviceNs = 10_000;
        var gaps = new RandomStream(1, "arrivals");
        double now = 0;
        ArrivingRequest[] requests = [.. Enumerable.Range(0, 200_000).Select(_ =>
        {
            now += gaps.NextExponential(serviceNs / load);
            return new ArrivingRequest(new SimTime((long)now), 1, 1);
        })];
        using var source = new ListSource(requests);
        List<RequestRecord> records = SingleServer.Serve(
            source, stepByStep: false, new HostSpec { HttpSeconds = serviceNs / 1e9, TokenizationSecondsPerToken = 0 }, limits => limits).Records;
        SingleServer.AssertMean(
            serviceNs + load * serviceNs / (2 * (1 - load)), records, record => (record.Ready - record.Arrival).Nanoseconds, widest: 0.1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clients_have_the_tokens_of_a_step_when_the_last_is_streamed(bool stepByStep)
    {
        // A step takes 100 ns + 1 ns a token, a token 60 ns behind the engine. Both prompts (5 tokens each): 0-110, out at 230. Then
        // steps of 102 ns with two tokens, 120 ns to stream: ends at 212, 314, out at 350, 470. Request 0 has three tokens; 1 goes on
        // alone: ends at 415, 516, 617, out at 530, 590, 677: it has caught up.
        ExactMeter meter = Run(60, stepByStep, At(0, 5, 3), At(0, 5, 6));
        Assert.Equal([(0, 230, 470), (1, 230, 677)], meter.Records.Select(r => (r.Id, r.FirstToken.Nanoseconds, r.Finish.Nanoseconds)));
        Assert.Equal([(60, 2L), (87, 1L), (120, 4L)], meter.InterTokenNs);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_keeps_pace_is_late_but_as_regular_as_before(bool stepByStep)
    {
        ExactMeter before = Run(0, stepByStep, At(0, 5, 80));
        ExactMeter after = Run(60, stepByStep, At(0, 5, 80));
        Assert.Equal(before.InterTokenNs, after.InterTokenNs);
        Assert.Equal(before.Records[0].Finish.Nanoseconds + 60, after.Records[0].Finish.Nanoseconds);
        Assert.Equal(stepByStep ? 0 : 1, Math.Min(1, after.Runs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Streams_make_no_step_wait_for_another(bool stepByStep)
    {
        // As above, but what takes 60 ns a token are the streams: ends at 110, 212, 314, out at 230, 332, 434. Then request 1 alone: ends
        // at 415, 516, 617, out at 475, 576, 677.
        ExactMeter meter = Run(0, stepByStep, 60, At(0, 5, 3), At(0, 5, 6));
        Assert.Equal([(0, 230, 434), (1, 230, 677)], meter.Records.Select(r => (r.Id, r.FirstToken.Nanoseconds, r.Finish.Nanoseconds)));
        Assert.Equal([(41, 1L), (101, 2L), (102, 4L)], meter.InterTokenNs);

        // Six tokens and then one: the one would overtake them, and comes out with them.
        meter = Run(0, stepByStep, 90, At(0, 5, 2), At(0, 5, 1), At(0, 5, 1), At(0, 5, 1));
        Assert.Equal([480L, 480L, 480L, 480L], meter.Records.Select(r => r.FirstToken.Nanoseconds));
        Assert.Equal(480, meter.Records.Single(r => r.Id == 0).Finish.Nanoseconds);
    }

    [Fact]
    public void Client_times_follow_from_when_the_engine_emits()
    {
        // In whole nanoseconds, so that observers see exact times.
        Gen<EngineScenario> drawn = EngineScenario.Drawn.Where(s => s.Replicas == 1).Select(Gen.Long[1, 300], Gen.Long[0, 300], (scenario, output, stream) => scenario with
        {
            Step = (scenario.Step >> 3) << 20,
            Token = (scenario.Token >> 3) << 20,
            Context = 0,
            Pair = 0,
            Floor = 0,
            Swap = 0,
            Limits = scenario.Limits with { OutputQuanta = output << 20, StreamQuanta = stream << 20, Patience = null },
        });
        drawn.Sample(
            scenario =>
            {
                var story = new StoryObserver();
                ExactMeter meter = scenario.Run(stepByStep: false, story);
                (long free, long gone) = (0, 0);
                var first = new Dictionary<long, long>();
                var last = new Dictionary<long, long>();
                foreach (IGrouping<long, TokenEmitted> step in story.Tokens.GroupBy(token => token.Time.Nanoseconds))
                {
                    free = Math.Max(free, step.Key) + (step.Count() * (scenario.Limits.OutputQuanta >> 20));
                    gone = Math.Max(gone, free + (step.Count() * (scenario.Limits.StreamQuanta >> 20)));
                    foreach (TokenEmitted token in step)
                    {
                        first.TryAdd(token.RequestId, gone);
                        last[token.RequestId] = gone;
                    }
                }

                Assert.All(meter.Records, r => Assert.Equal(
                    (first[r.Id], last[r.Id]), (r.FirstToken.Nanoseconds, r.Finish.Nanoseconds)));
            },
            iter: 300);
    }

    private static ExactMeter Run(long outputNs, bool stepByStep, params ArrivingRequest[] requests) =>
        Run(outputNs, stepByStep, 0, requests);

    private static ExactMeter Run(long outputNs, bool stepByStep, long streamNs, params ArrivingRequest[] requests) =>
        new EngineScenario(Limits with { OutputQuanta = outputNs << 20, StreamQuanta = streamNs << 20 }, 100 << 20, 1 << 20, 0, 0, 0, 0, requests).Run(stepByStep);

    private static ArrivingRequest At(long ns, int input, int output) => new(new SimTime(ns), input, output);
}
