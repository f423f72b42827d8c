using CsCheck;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Serving.Routing;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving;

/// <summary>A random small deployment and load, drawn so that shortage, ties, bursts and limits are frequent.</summary>
internal sealed record EngineScenario(
    EngineLimits Limits, long Step, long Token, long Context, long Pair, long Floor, double TokenizeSeconds,
    IReadOnlyList<ArrivingRequest> Requests, int Replicas = 1, RoutingPolicy Routing = RoutingPolicy.RoundRobin)
{
    /// <summary>Clients that wait for their answers; null for no limit.</summary>
    public int? Clients { get; init; }

    /// <summary>Quanta that a KV block takes to host memory or back.</summary>
    public long Swap { get; init; }

    /// <summary>Nanoseconds from an answer to its client's next request.</summary>
    public long ThinkNs { get; init; }

    /// <summary>For each request the turns that follow it in its conversation; null for no conversations.</summary>
    public IReadOnlyList<(int Input, int Output)[]>? FurtherTurns { get; init; }

    private static readonly RequestClassSpec[] Classes =
    [
        new() { Name = "a", Priority = 2, FirstTokenMilliseconds = 1e-3 },
        new() { Name = "b", Priority = -1, FirstTokenMilliseconds = 1e-6 },
        new() { Name = "c", Weight = 3, FirstTokenMilliseconds = 1e9 },
        new() { Name = "d", Priority = 1, FirstTokenMilliseconds = 10 },
    ];

    private static Gen<EngineLimits> LimitsWith(Gen<KvReservation> kvReservation) =>
        from blockSize in Gen.OneOf(1, 4, 16, 16, 32)
        from maxLen in Gen.Int[8, 400]
        from maxSeqs in Gen.OneOf(Gen.Int[1, 6], Gen.Int[1, 64])
        from budget in Gen.OneOf(Gen.Int[1, 40], Gen.Int[1, 600])
        from extraBlocks in Gen.OneOf(Gen.Int[0, 8], Gen.Int[0, 60], Gen.Int[0, 2000])
        from chunked in Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false)))
        from threshold in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 64]))
        from gate in Gen.Bool
        from reversed in Gen.Bool
        from depth in Gen.Frequency((2, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Int[2, 4]))
        from caching in Gen.Bool
        from swap in Gen.Frequency((1, Gen.Const(0)), (1, Gen.OneOf(Gen.Int[1, 20], Gen.Int[1, 400])))
        from policy in Gen.OneOf(Gen.Const(SchedulingPolicy.Fcfs), Gen.Enum<SchedulingPolicy>())
        from reservation in kvReservation
        from watermark in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 10]))
        from fillsOnlyWhenEmpty in Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true)))
        from rounds in Gen.Bool
        from error in Gen.OneOf(0.0, 1.0)
        from queued in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 8]))
        let tokens = Math.Max(Math.Max(budget, maxSeqs), chunked || reservation == KvReservation.Completion ? 0 : maxLen)
        select new EngineLimits
        {
            MaxNumSeqs = maxSeqs,
            MaxNumBatchedTokens = tokens,
            MaxModelLen = maxLen,
            BlockSize = blockSize,
            UsableBlocks = ((maxLen + blockSize - 1) / blockSize) + watermark + extraBlocks,
            EnableChunkedPrefill = chunked,
            LongPrefillTokenThreshold = threshold,
            ReserveFullIsl = gate,
            UnchunkedAdmission = reversed ? UnchunkedAdmission.SkipReversed : UnchunkedAdmission.Stop,
            IsAsynchronous = depth == 0,
            PipelineStages = Math.Max(1, depth),
            SwapBlocks = caching ? 0 : swap,
            EnablePrefixCaching = caching,
            Reservation = reservation,
            WatermarkBlocks = watermark,
            FillsOnlyWhenEmpty = fillsOnlyWhenEmpty,
            ChunkUnit = rounds && threshold == 0 && reservation != KvReservation.OnDemand && blockSize <= tokens ? blockSize : 1,
            MaxQueuedRequests = queued,
            Shares = reservation != KvReservation.OnDemand ? null : FairShares.Of(new SchedulerSpec { Policy = policy }, Classes),
            Order = reservation != KvReservation.OnDemand ? null
                : AdmissionOrder.Of(new SchedulerSpec { Policy = policy, PredictionError = error }, Classes, new SloSpec(), seed: 1),
        };

    /// <summary>Scenarios whose steps last microseconds (scale 2³⁰) down to a few quanta (scale 1), where ties are frequent.</summary>
    public static readonly Gen<EngineScenario> Drawn = ScenariosWith(Gen.Frequency((9, Gen.Const(KvReservation.OnDemand)), (1, Gen.Enum<KvReservation>())));

    /// <summary>The same of engines that take more KV blocks at admission than the first step needs.</summary>
    public static readonly Gen<EngineScenario> Reserving = ScenariosWith(Gen.OneOf(Gen.Const(KvReservation.Prompt), Gen.Const(KvReservation.Completion)));

    private static Gen<EngineScenario> ScenariosWith(Gen<KvReservation> kvReservation) =>
        from limits in LimitsWith(kvReservation)
        from replicas in Gen.Frequency((3, Gen.Const(1)), (1, Gen.Int[2, 4]))
        from routing in Gen.Enum<RoutingPolicy>()
        from scaleBits in Gen.OneOf(3, 20, 22, 30)
        from step in Gen.Long[1, 1000]
        from token in Gen.Long[0, 40]
        from context in Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[0, 5]))
        from pair in Gen.Long[0, 2]
        from floor in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 3000])
        from swap in Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[0, 300]))
        from tokenize in Gen.OneOf(0.0, 1e-9, 1e-7)
        from output in Gen.Frequency((2, Gen.Const(0L)), (1, Gen.OneOf(Gen.Long[1, 30], Gen.Long[1, 1000])))
        from stream in Gen.Frequency((3, Gen.Const(0L)), (1, Gen.Long[1, 200]))
        from maxOutput in Gen.OneOf(1, 5, 40, 500)
        from gapSteps in Gen.OneOf(0.0, 0.3, 2.0, 30.0, 400.0)
        from draws in Gen.Select(
            Gen.Int[1, limits.MaxModelLen + (limits.MaxModelLen / 20)], Gen.Int[1, maxOutput], Gen.Double[0, 2], Gen.Byte[0, 3]).Array[1, 60]
        from contents in DrawnContents(draws.Length)
        from patience in Gen.Frequency((3, Gen.Const(Array.Empty<double>())), (1, Gen.OneOf(0.5, 3, 30, 200, 1e9).Array[6]))
        select Create(limits with { OutputQuanta = output << scaleBits, StreamQuanta = stream << scaleBits, Patience = Patience(patience, (step + token) * Math.Pow(2, scaleBits - 20)) }, scaleBits, step, token, context, pair, floor, tokenize, gapSteps,
            draws, contents) with
        {
            Replicas = replicas,
            Routing = routing,
            Swap = swap << scaleBits,
        };

    /// <summary>
    /// What the prompts share: nothing; some of a few beginnings; or the prompt of an earlier request, or of a later one, with some of
    /// its answer behind.
    /// </summary>
    private static Gen<PromptContent?[]> DrawnContents(int count) =>
        from kind in Gen.Int[0, 3]
        from draws in Gen.Select(
            Gen.Int[0, 3], Gen.OneOf(Gen.Int[1, 20], Gen.Int[1, 300]), Gen.Int[1, 60], Gen.Int[0, count - 1], Gen.Bool).Array[count]
        select draws.Select((draw, i) => ContentOf(kind, i, draw.Item1, draw.Item2, draw.Item3, draw.Item4, draw.Item5)).ToArray();

    private static PromptContent? ContentOf(int kind, int index, int segment, int tokens, int more, int other, bool repeats) => kind switch
    {
        0 => null,
        1 => segment == 0 ? null : new PromptContent([new ContentRun(segment, tokens)]),
        2 => new PromptContent([new ContentRun(1 + (segment / 2), tokens), new ContentRun(segment + 5, more)], -1 - index),
        _ => repeats
            ? new PromptContent([new ContentRun(100 + other, 1 + (tokens / 4)), new ContentRun(-1 - other, more)], -1 - index)
            : new PromptContent([new ContentRun(100 + index, 500)], -1 - index),
    };

    /// <summary>The same with a limit on clients, who think for no time, or as long as some steps take.</summary>
    public static readonly Gen<EngineScenario> ClosedLoop =
        from scenario in Drawn
        from clients in Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 20])
        from thinkSteps in Gen.OneOf(0.0, 0.5, 3.0, 40.0)
        select scenario with { Clients = clients, ThinkNs = (long)(thinkSteps * (scenario.Step + scenario.Token) / (1 << 20)) };

    /// <summary>The same with each request the first turn of a conversation, clients or not.</summary>
    public static readonly Gen<EngineScenario> Conversations =
        from scenario in Drawn
        from clients in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 10]))
        from thinkSteps in Gen.OneOf(0.0, 0.5, 3.0, 40.0)
        from shorten in Gen.Int[1, 8]
        from further in Gen.Select(Gen.Int[1, 60], Gen.Int[1, 30]).Array[0, 6].Array[scenario.Requests.Count]
        select scenario with
        {
            Clients = clients == 0 ? null : clients,
            ThinkNs = (long)(thinkSteps * (scenario.Step + scenario.Token) / (1 << 20)),
            Requests = [.. scenario.Requests.Select(r => r with { InputTokens = ((r.InputTokens - 1) / shorten) + 1 })],
            FurtherTurns = further,
        };

    /// <summary>Runs it and returns everything measured.</summary>
    public ExactMeter Run(bool stepByStep, params IReadOnlyList<SimulationObserver> observers)
    {
        var meter = new ExactMeter(Limits.MaxNumBatchedTokens, Limits.MaxNumSeqs);
        Run(stepByStep, meter, observers);
        return meter;
    }

    /// <summary>Runs it and reports to a meter.</summary>
    public void Run(bool stepByStep, ServingMeter meter, params IReadOnlyList<SimulationObserver> observers)
    {
        using var source = new ListSource(Requests, FurtherTurns, ThinkNs);
        var host = new HostSpec { TokenizationSecondsPerToken = TokenizeSeconds };
        var cost = new AffineCost(Step, Token, Context, Pair, Floor, Limits.PipelineStages, Swap);
        var clients = Clients is { } count ? new ClientLimit(count, ThinkNs, SimTime.Never) : null;
        new ServingRun(source, host, Limits, cost, meter, new EventHub(observers), stepByStep, Replicas, Routers.Create(Routing, seed: 1),
            clients).Run(CancellationToken.None);
    }

    // How many steps' time clients wait for a first and a last token; the classes from the third on have the last two.
    private static ClientPatience? Patience(double[] steps, double stepNs)
    {
        return steps.Length == 0 ? null : new ClientPatience([(Ns(steps[0]), Ns(steps[1])), (Ns(steps[2]), Ns(steps[3]))], (Ns(steps[4]), Ns(steps[5])));

        long Ns(double count) => count == 1e9 ? long.MaxValue : (long)Math.Ceiling(count * stepNs);
    }

    private static EngineScenario Create(
        EngineLimits limits, int scaleBits, long step, long token, long context, long pair, long floor, double tokenize,
        double gapSteps, (int Input, int Output, double Gap, byte Class)[] draws, PromptContent?[] contents)
    {
        double gapNs = gapSteps * (step + token) * Math.Pow(2, scaleBits - 20);
        double now = 0;
        var requests = new List<ArrivingRequest>();
        foreach (((int input, int output, double gap, byte kind), PromptContent? content) in draws.Zip(contents))
        {
            now += gap * gapNs;
            requests.Add(new ArrivingRequest(new SimTime((long)now), input, output, kind)
            {
                Content = content,
                OutputLimit = kind == 0 ? 0 : output * kind,
            });
        }

        return new EngineScenario(
            limits, step << scaleBits, token << scaleBits, context << scaleBits, pair << scaleBits, floor << scaleBits, tokenize,
            requests);
    }
}
