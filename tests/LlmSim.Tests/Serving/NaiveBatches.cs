using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Simulation;

namespace LlmSim.Tests.Serving;

/// <summary>Static and dynamic batching in the fewest words: no events, no kernel, one loop over batches.</summary>
internal static class NaiveBatches
{
    /// <summary>Id, start of its batch, first and last token of every request that is not refused, in nanoseconds.</summary>
    public static List<(long Id, long Scheduled, long First, long Finish)> Run(EngineScenario scenario)
    {
        EngineLimits limits = scenario.Limits;
        var cost = new AffineCost(scenario.Step, scenario.Token, scenario.Context, scenario.Pair, scenario.Floor, 1);
        List<InboundRequest> requests = Accepted(scenario, out long closes);
        var results = new List<(long, long, long, long)>();
        var now = default(EngineClock);
        for (int next = 0; next < requests.Count;)
        {
            // Full, or the oldest has waited the window, or nothing more comes: whichever is first.
            long full = next + limits.BatchSize <= requests.Count ? requests[next + limits.BatchSize - 1].ReadyNs : long.MaxValue;
            long window = limits.BatchWindowNs == long.MaxValue ? long.MaxValue : requests[next].ReadyNs + limits.BatchWindowNs;
            long start = Math.Min(full, Math.Min(window, Math.Max(closes, requests[next].ReadyNs)));
            now = EngineClock.Max(now, EngineClock.At(start));
            List<InboundRequest> batch = [.. requests.Skip(next).Take(limits.BatchSize).TakeWhile(r => r.ReadyNs <= now.Nanoseconds)];
            while (batch.Sum(r => Blocks(r.InputTokens + batch.Max(b => b.OutputTokens) - 1, limits)) > limits.UsableBlocks)
            {
                batch.RemoveAt(batch.Count - 1);
            }

            long scheduled = now.Nanoseconds;
            var first = new Dictionary<long, long>();
            for (var (member, computed) = (0, 0); member < batch.Count;)
            {
                var shape = new BatchShape();
                var ended = new List<long>();
                while (member < batch.Count && shape.Tokens < limits.MaxNumBatchedTokens)
                {
                    int left = batch[member].InputTokens - computed;
                    int tokens = Math.Min(left, limits.MaxNumBatchedTokens - shape.Tokens);
                    if (tokens < left && !limits.EnableChunkedPrefill)
                    {
                        break;
                    }

                    shape.AddPrefill(tokens, computed, tokens == left);
                    computed = tokens == left ? 0 : computed + tokens;
                    if (tokens == left)
                    {
                        ended.Add(batch[member++].Id);
                    }
                }

                now = now.Plus(cost.StepQuanta(shape));
                ended.ForEach(id => first[id] = now.Nanoseconds);
            }

            results.AddRange(batch.Where(r => r.OutputTokens == 1).Select(r => (r.Id, scheduled, first[r.Id], first[r.Id])));
            for (int token = 2; token <= batch.Max(r => r.OutputTokens); token++)
            {
                var shape = new BatchShape();
                shape.AddDecode(batch.Count, batch.Sum(r => r.InputTokens + token - 1L));
                now = now.Plus(cost.StepQuanta(shape));
                results.AddRange(batch.Where(r => r.OutputTokens == token)
                    .Select(r => (r.Id, scheduled, first[r.Id], now.Nanoseconds)));
            }

            next += batch.Count;
        }

        return [.. results.OrderBy(r => r.Item1)];
    }

    private static List<InboundRequest> Accepted(EngineScenario scenario, out long closes)
    {
        var tokenizer = new FrontEnd(new Specs.HostSpec { TokenizationSecondsPerToken = scenario.TokenizeSeconds });
        var accepted = new List<InboundRequest>();
        closes = 0;
        for (int id = 0; id < scenario.Requests.Count; id++)
        {
            (SimTime arrival, int input, int output, _) = scenario.Requests[id];
            closes = Math.Max(closes, arrival.Nanoseconds);
            if (input < scenario.Limits.MaxModelLen)
            {
                long ready = tokenizer.Serve(arrival.Nanoseconds, input);
                closes = Math.Max(closes, ready);
                accepted.Add(new InboundRequest(
                    id, arrival.Nanoseconds, ready, input, Math.Min(output, scenario.Limits.MaxModelLen - input)));
            }
        }

        return accepted;
    }

    private static int Blocks(int tokens, EngineLimits limits) => (tokens + limits.BlockSize - 1) / limits.BlockSize;
}
