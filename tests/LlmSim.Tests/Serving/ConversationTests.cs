using CsCheck;
using LlmSim.Metrics;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

public sealed class ConversationTests
{
    private static readonly WorkloadSpec ThreeTurns = new()
    {
        Sessions = new SessionSpec { Turns = LengthSpec.Fixed(3), Count = 1 },
        InputLength = LengthSpec.Fixed(100),
        OutputLength = LengthSpec.Fixed(40),
        Prefix = PrefixSpec.Fixed(500),
        ThinkSeconds = 2,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_turn_repeats_all_before_and_comes_after_the_answer(bool stepByStep)
    {
        List<RequestRecord> records = Run(ThreeTurns, stepByStep);
        Assert.Equal([600, 740, 880], records.Select(r => r.InputTokens));
        Assert.All(records.Zip(records[1..]), pair => Assert.Equal(
            pair.First.Finish.Nanoseconds + 2_000_000_000, pair.Second.Arrival.Nanoseconds));
    }

    [Fact]
    public void A_turn_says_what_was_said_and_the_ideal_cache_knows_it()
    {
        ArrivingRequest turn = Assert.Single(Sources(ThreeTurns));
        Session session = turn.Session!;
        Assert.Equal(["1x500 2x100 >3", "1x500 2x100 3x40 4x100 >5", "1x500 2x100 3x40 4x100 5x40 6x100 >0"], [Show(), Show(), Show()]);
        Assert.False(session.Advance(int.MaxValue));

        // The second knows 600 + 39 tokens, the third 740 + 39: 39 and 48 whole blocks of 16.
        PrefixCacheSummary cache = Statistics(ThreeTurns).PrefixCache!;
        Assert.Equal((39 + 48) * 16, cache.IdealHits);
        Assert.Equal((2, (39 + 48) * 16), (cache.RequestsWithHit, cache.Hits));
        Assert.Equal(600 + 740 + 880, cache.PromptTokens);

        // Of another conversation the prefix alone: 31 blocks.
        SessionSpec two = ThreeTurns.Sessions! with { Count = 2 };
        Assert.Equal(((2 * (39 + 48)) + 31) * 16, Statistics(ThreeTurns with { Sessions = two }).PrefixCache!.IdealHits);

        string Show()
        {
            ArrivingRequest now = session.Turn(SimTime.Zero);
            session.Advance(int.MaxValue);
            Assert.Equal(now.InputTokens, now.Content!.Tokens);
            return $"{string.Join(' ', now.Content!.Runs.ToArray().Select(r => $"{r.Segment}x{r.Tokens}"))} >{now.Content.AnswerSegment}";
        }
    }

    [Fact]
    public void Every_turn_that_fits_is_sent_when_its_client_has_thought() =>
        EngineScenario.Conversations.Sample(
            drawn =>
            {
                // Nobody is refused but for the length of the prompt.
                EngineLimits limits = drawn.Limits with { MaxQueuedRequests = 0, Patience = null, EnableChunkedPrefill = true };
                EngineScenario scenario = drawn with { Limits = limits };
                ExactMeter meter = scenario.Run(stepByStep: false);
                int maxLen = scenario.Limits.MaxModelLen;
                int refused = scenario.Requests.Count(r => r.InputTokens >= maxLen);
                Assert.Equal(refused, meter.RejectedCount);
                Assert.Equal(scenario.Requests.Zip(scenario.FurtherTurns!).Sum(c => Turns(c.First, c.Second, maxLen).Count), meter.Records.Count);
                Assert.Equal(
                    scenario.Requests.Zip(scenario.FurtherTurns!).SelectMany(c => Turns(c.First, c.Second, maxLen)).Order(),
                    meter.Records.Select(r => (r.InputTokens, r.OutputTokens)).Order());

                // Whatever is no first turn came some time after an answer, each after one of its own.
                var answers = meter.Records.CountBy(r => r.Finish.Nanoseconds + scenario.ThinkNs).ToDictionary();
                var sent = new Dictionary<long, int>();
                foreach (RequestRecord record in meter.Records.OrderBy(r => r.Arrival))
                {
                    sent[record.Arrival.Nanoseconds] = sent.GetValueOrDefault(record.Arrival.Nanoseconds) + 1;
                }

                int firstTurns = scenario.Requests.Count - refused;
                Assert.True(sent.Sum(s => Math.Max(0, s.Value - answers.GetValueOrDefault(s.Key))) <= firstTurns);
                Assert.Equal(meter.Records.OrderBy(r => r.Id).Select(r => r.Arrival), meter.Records.OrderBy(r => r.Id).Select(r => r.Arrival).Order());
            },
            iter: 1000);

    [Fact]
    public void A_turn_that_is_refused_ends_its_conversation()
    {
        // Of three first turns one runs, one waits, and the third finds no place; turns take 0.7 s, so those 2 s later do.
        SimulatorConfig config = Scenario(ThreeTurns with { Sessions = ThreeTurns.Sessions! with { Count = 3 }, RequestRatePerSecond = double.PositiveInfinity });
        config = config with { Scheduler = config.Scheduler with { MaxNumSeqs = 1, MaxQueuedRequests = 1 } };
        SimulationStatistics statistics = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        Assert.Equal((7, 6, 1), (statistics.TotalRequests, statistics.CompletedRequests, statistics.RejectedRequests));
    }

    [Fact]
    public void Observing_changes_nothing() =>
        EngineScenario.Conversations.Sample(
            scenario =>
            {
                var observer = new InvariantObserver(scenario.Limits);
                Assert.Equal(scenario.Run(false).Fingerprint(), scenario.Run(false, observer).Fingerprint());
                observer.CheckEnd();
            },
            iter: 500);

    [Fact]
    public void What_is_said_does_not_depend_on_how_fast_it_is_served()
    {
        WorkloadSpec workload = Varied;
        SimulatorConfig one = Scenario(workload);
        SimulatorConfig other = one with { Parallelism = one.Parallelism with { DataParallel = 3, Routing = RoutingPolicy.LeastOutstanding } };
        var lengths = Run(one).Select(r => (r.InputTokens, r.OutputTokens)).Order().ToList();
        Assert.True(lengths.Count > 1000);
        Assert.Equal(lengths, Run(other).Select(r => (r.InputTokens, r.OutputTokens)).Order());
        Assert.Equal(lengths, Run(Scenario(workload with { ThinkSeconds = 0 })).Select(r => (r.InputTokens, r.OutputTokens)).Order());
        Assert.Equal(Run(one), Run(one));
    }

    [Fact]
    public void A_client_has_one_conversation_at_a_time()
    {
        List<RequestRecord> records = Run(Varied with { MaxConcurrency = 1, RequestRatePerSecond = double.PositiveInfinity });
        Assert.Equal(0, records[0].Arrival.Nanoseconds);
        Assert.All(records.Zip(records[1..]), pair => Assert.Equal(
            pair.First.Finish.Nanoseconds + 3_000_000_000, pair.Second.Arrival.Nanoseconds));
        int first = 0;
        for (int i = 1; i < records.Count; i++)
        {
            // Within a conversation prompts grow by at least the answer before.
            first += records[i].InputTokens < records[i - 1].InputTokens + records[i - 1].OutputTokens ? 1 : 0;
        }

        Assert.InRange(first, 1, 299);
    }

    [Fact]
    public void Nothing_is_sent_after_the_duration()
    {
        WorkloadSpec workload = Varied with { DurationSeconds = 100, Sessions = Varied.Sessions! with { Count = null } };
        List<RequestRecord> records = Run(workload);
        Assert.InRange(records.Max(r => r.Arrival.Seconds), 95, 100);
        Assert.True(records.Count > 200);
    }

    [Fact]
    public void Dynamic_batches_serve_conversations_to_their_end()
    {
        SimulatorConfig config = Scenario(ThreeTurns with { Sessions = ThreeTurns.Sessions! with { Count = 20 } });
        config = config with { Scheduler = config.Scheduler with { Batching = Batching.Dynamic, BatchSize = 8, BatchWindowSeconds = 0.1 } };
        Assert.Equal(60, Run(config).Count);
    }

    [Fact]
    public void Classes_have_conversations_of_their_own_lengths()
    {
        WorkloadSpec workload = ThreeTurns with
        {
            Prefix = null,
            Sessions = ThreeTurns.Sessions! with { Count = 100 },
            Classes =
            [
                new() { Name = "a", Share = 0.5 },
                new() { Name = "b", Share = 0.5, InputLength = LengthSpec.Fixed(10), OutputLength = LengthSpec.Fixed(5), Prefix = PrefixSpec.Fixed(7) },
            ],
        };
        List<RequestRecord> records = Run(workload);
        Assert.Equal(300, records.Count);
        Assert.Equal([100, 240, 380], records.Where(r => r.Class == 0).Select(r => r.InputTokens).Distinct().Order());
        Assert.Equal([17, 32, 47], records.Where(r => r.Class == 1).Select(r => r.InputTokens).Distinct().Order());
    }

    [Fact]
    public void Values_that_do_not_fit_are_named()
    {
        Assert.Equal("workload.turns", Field(ThreeTurns with { Sessions = new SessionSpec { Turns = LengthSpec.Fixed(10_001) } }));
        Assert.Equal("workload.turns", Field(ThreeTurns with { Sessions = new SessionSpec { Turns = LengthSpec.Fixed(0) } }));
        Assert.Equal("workload.turns", Field(ThreeTurns with { Sessions = new SessionSpec { Turns = new() { Mean = double.NaN } } }));
        Assert.Equal("workload.turns.max", Field(ThreeTurns with { Sessions = new SessionSpec { Turns = LengthSpec.Uniform(3, 2) } }));
        Assert.Equal("workload.num_sessions", Field(ThreeTurns with { Sessions = new SessionSpec { Count = 0 } }));
        Assert.Equal("workload.num_requests", Field(ThreeTurns with { NumRequests = 5 }));
        Assert.Equal("workload.distinct_prompts", Field(ThreeTurns with { DistinctPrompts = 5 }));
        SimulatorConfig isStatic = Scenario(ThreeTurns) with { Scheduler = new() { Batching = Batching.Static } };
        Assert.Equal("scheduler.batching", Assert.Single(ConfigValidator.Validate(isStatic)).Field);
        Assert.EndsWith("workload.num_sessions", Assert.Single(Assert.Throws<ConfigException>(
            () => ScenarioJson.Parse("""{"workload": {"num_sessions": 3}}""")).Problems).Field);

        static string Field(WorkloadSpec workload) => Assert.Single(ConfigValidator.Validate(Scenario(workload))).Field;
    }

    [Fact]
    public void Keys_are_written_and_read_back()
    {
        SimulatorConfig config = ScenarioJson.Parse(
            """{"workload": {"turns": "uniform:2..10", "num_sessions": 40, "think_time": 1.5, "max_concurrency": 3}}""");
        Assert.Equal(new SessionSpec { Turns = LengthSpec.Uniform(2, 10), Count = 40 }, config.Workload.Sessions);
        Assert.Equal(double.PositiveInfinity, config.Workload.RequestRatePerSecond);
        Assert.Equal(config.Workload, ScenarioJson.Parse(ScenarioJson.Write(config)).Workload);
    }

    private static WorkloadSpec Varied => new()
    {
        Sessions = new SessionSpec { Turns = LengthSpec.Uniform(1, 9), Count = 300 },
        InputLength = LengthSpec.Lognormal(80, 1),
        OutputLength = LengthSpec.Lognormal(60, 1),
        ThinkSeconds = 3,
    };

    /// <summary>Prompt and answer of each turn that is sent.</summary>
    private static List<(int, int)> Turns(ArrivingRequest first, (int Input, int Output)[] further, int maxLen)
    {
        var turns = new List<(int, int)>();
        int prompt = first.InputTokens, output = first.OutputTokens;
        for (int i = 0; prompt < maxLen; i++)
        {
            turns.Add((prompt, Math.Min(output, maxLen - prompt)));
            if (i == further.Length)
            {
                break;
            }

            prompt += output + further[i].Input;
            output = further[i].Output;
        }

        return turns;
    }

    private static SimulatorConfig Scenario(WorkloadSpec workload) => DefaultScenario.Create() with { Workload = workload };

    private static List<ArrivingRequest> Sources(WorkloadSpec workload) => LlmSim.Tests.Workloads.Sources.Read(workload, seed: 0);

    private static SimulationStatistics Statistics(WorkloadSpec workload) =>
        new LlmInferenceSimulator(Scenario(workload)).Run().ComputeStatistics();

    private static List<RequestRecord> Run(WorkloadSpec workload, bool stepByStep = false) =>
        Run(Scenario(workload) with { StepByStep = stepByStep });

    private static List<RequestRecord> Run(SimulatorConfig config)
    {
        var sink = new RecordList();
        new LlmInferenceSimulator(config) { Records = sink }.Run();
        return [.. sink.Records.OrderBy(r => r.Id)];
    }

    private sealed class RecordList : RequestSink
    {
        public List<RequestRecord> Records { get; } = [];

        public override void Write(in RequestRecord record) => Records.Add(record);
    }
}
