using CsCheck;
using LlmSim.Serving;
using LlmSim.Serving.Sglang;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>Random small deployments of SGLang, drawn so that shortage, hits, eviction, splits and ties are frequent.</summary>
internal static class SglangScenario
{
    private static readonly Gen<SglangLimits> DrawnSettings =
        from chunk in Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 20]))
        from prefill in Gen.OneOf(Gen.Int[1, 60], Gen.Const(10_000))
        from policy in Gen.OneOf(Gen.Const(SglangPolicy.Fcfs), Gen.Enum<SglangPolicy>())
        from conservativeness in Gen.OneOf(1.0, 0.3, 0.05, 0.05, 0.01, 1.7)
        from mixed in Gen.Frequency((2, Gen.Const(false)), (1, Gen.Const(true)))
        from ignoreEos in Gen.Bool
        from byPriority in Gen.Frequency((3, Gen.Const(false)), (1, Gen.Const(true)))
        from threshold in Gen.OneOf(0, 1, 10)
        from lowFirst in Gen.Bool
        from isOld in Gen.Frequency((2, Gen.Const(false)), (1, Gen.Const(true)))
        select new SglangLimits
        {
            ChunkedPrefillSize = chunk,
            MaxPrefillTokens = prefill,
            Policy = byPriority && policy != SglangPolicy.Lof ? SglangPolicy.Fcfs : policy,
            ScheduleConservativeness = conservativeness,
            EnableMixedChunk = mixed,
            IgnoreEos = ignoreEos,
            EnablePriorityScheduling = byPriority,
            PriorityPreemptionThreshold = threshold,
            LowPriorityValuesFirst = lowFirst,
            Priorities = [2, -1, 0, 1],
            CachesOutput = isOld,
            HasOldPreemption = isOld,
        };

    private static readonly Gen<EngineLimits> DrawnLimits =
        from settings in DrawnSettings
        from page in Gen.OneOf(1, 1, 4, 16)
        from context in Gen.OneOf(Gen.Int[12, 60], Gen.Int[12, 300])
        from seats in Gen.OneOf(Gen.Int[1, 4], Gen.Int[4, 40], Gen.Int[4, 40])
        from extra in Gen.OneOf(Gen.Int[0, 20], Gen.Int[0, 100], Gen.Int[0, 400])
        from radix in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from overlap in Gen.Bool
        from queued in Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 8]))
        let pool = (context + extra + (2 * page)) / page * page
        let chunk = settings.ChunkedPrefillSize * page
        select new EngineLimits
        {
            MaxNumSeqs = seats,
            MaxNumBatchedTokens = (settings with { ChunkedPrefillSize = chunk }).MostTokens(seats, context),
            MaxModelLen = SglangLimits.LongestSequence(context, pool - page),
            UsableBlocks = pool / page,
            BlockSize = page,
            EnableChunkedPrefill = chunk > 0,
            EnablePrefixCaching = radix,
            IsAsynchronous = overlap,
            MaxQueuedRequests = queued,
            Sglang = settings with { ChunkedPrefillSize = chunk },
        };

    /// <summary>Steps from microseconds down to a few quanta, as <see cref="EngineScenario.Drawn"/>.</summary>
    public static readonly Gen<EngineScenario> Drawn =
        from limits in DrawnLimits
        from scaleBits in Gen.OneOf(3, 20, 22, 30)
        from step in Gen.Long[1, 1000]
        from token in Gen.Long[0, 40]
        from keys in Gen.Frequency((1, Gen.Const(0L)), (3, Gen.Long[0, 5]))
        from floor in Gen.OneOf(Gen.Const(0L), Gen.Long[0, 3000])
        from maxOutput in Gen.OneOf(1, 5, 40, 40, 500)
        from slack in Gen.OneOf(0, 3, 60, 9000)
        from gapSteps in Gen.OneOf(0.0, 0.3, 0.3, 2.0, 30.0, 400.0)
        from kind in Gen.Int[0, 3]
        from replicas in Gen.Frequency((4, Gen.Const(1)), (1, Gen.Int[2, 3]))
        from routing in Gen.Enum<RoutingPolicy>()
        from draws in Gen.Select(
            Gen.OneOf(Gen.Int[1, limits.MaxModelLen + 2], Gen.Int[1, 1 + (limits.MaxModelLen / 4)]), Gen.Int[1, maxOutput], Gen.Double[0, 2], Gen.Byte[0, 3], DrawnContent(kind),
            Gen.Int[0, slack]).Array[1, 60]
        select new EngineScenario(
            limits, step << scaleBits, token << scaleBits, keys << scaleBits, 0, floor << scaleBits, 0,
            [.. Requests(draws, gapSteps * (step + token) * Math.Pow(2, scaleBits - 20), limits.Sglang!.IgnoreEos)], replicas, routing);

    /// <summary>The same with a limit on clients.</summary>
    public static readonly Gen<EngineScenario> ClosedLoop =
        from scenario in Drawn
        from clients in Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 20])
        from thinkSteps in Gen.OneOf(0.0, 0.5, 3.0, 40.0)
        select scenario with { Clients = clients, ThinkNs = (long)(thinkSteps * (scenario.Step + scenario.Token) / (1 << 20)) };

    // Nothing shared; a few system prompts; conversations that go on from somebody's answer, known or not; equal prompts.
    private static Gen<(long[] Segments, int Tokens, int Other)> DrawnContent(int kind) => kind switch
    {
        0 => Gen.Const((Array.Empty<long>(), 0, -1)),
        1 => Gen.Select(Gen.Long[1, 3].Array[1, 2], Gen.Int[1, 80], Gen.Const(-1)),
        2 => Gen.Select(Gen.Long[1, 3].Array[0, 1], Gen.Int[1, 40], Gen.Int[0, 20]),
        _ => Gen.Select(Gen.Long[1, 2].Array[1], Gen.Const(1000), Gen.Const(-1)),
    };

    private static IEnumerable<ArrivingRequest> Requests(
        (int Input, int Output, double Gap, byte Class, (long[] Segments, int Tokens, int Other) Content, int Slack)[] draws, double gapNs,
        bool ignoreEos)
    {
        double now = 0;
        for (int i = 0; i < draws.Length; i++)
        {
            (int input, int output, double gap, byte kind, (long[] segments, int tokens, int other), int slack) = draws[i];
            now += gap * gapNs;
            List<ContentRun> runs = [.. segments.Select(segment => new ContentRun(segment, tokens))];
            if (other >= 0)
            {
                runs.Add(new ContentRun(-1 - other, tokens));
            }

            yield return new ArrivingRequest(new SimTime((long)now), input, output, kind)
            {
                Content = runs.Count == 0 && i % 3 > 0 ? null : new PromptContent(runs, -1 - i),
                OutputLimit = ignoreEos ? 0 : output + slack,
            };
        }
    }
}
