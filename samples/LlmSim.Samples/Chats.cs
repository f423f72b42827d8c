using LlmSim.Metrics;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>Conversations, whose every turn repeats all before, with prefix caches of several sizes.</summary>
internal static class Chats
{
    private const int AllBlocks = 28_000;

    public static void Run(TextWriter output)
    {
        var table = new TextTable("prefix cache", "hit rate", "endless", "TTFT p50 ms", "TTFT p99 ms", "E2E p99 ms", "MFU");
        SimulationStatistics none = Serve(AllBlocks, caches: false);
        Add("none", none);
        Add("a quarter of the GPU's blocks", Serve(AllBlocks / 4));
        Add("half", Serve(AllBlocks / 2));
        SimulationStatistics all = Serve(AllBlocks);
        Add("all", all);
        table.Write(output);
        output.WriteLine($"The whole cache spares {all.PrefixCache!.HitRate:0%} of the prompts' work, and half of the first tokens come within "
            + $"{all.FirstTokenLatency.P50 / none.FirstTokenLatency.P50:0%} of the time. An endless one would spare {all.PrefixCache.IdealHitRate:0%}: "
            + "much is thrown out while users think for 20 s.");

        void Add(string name, SimulationStatistics s) => table.Add(name, s.PrefixCache?.HitRate is { } rate ? $"{rate:0.0%}" : "-",
            $"{s.PrefixCache?.IdealHitRate:0.0%}", Ms(s.FirstTokenLatency.P50), Ms(s.FirstTokenLatency.P99), Ms(s.EndToEndLatency.P99),
            $"{s.ModelFlopsUtilization:0.0%}");
    }

    // Ten assistants, each with a system prompt of its own.
    private static SimulationStatistics Serve(int blocks, bool caches = true) => Simulate(Scenario("llama-3.1-8b", "h100-80gb-sxm", 1) with
    {
        Scheduler = new SchedulerSpec { MaxModelLen = 16_384, NumGpuBlocksOverride = blocks, EnablePrefixCaching = caches },
        Workload = new WorkloadSpec
        {
            RequestRatePerSecond = 1.5,
            Sessions = new SessionSpec { Turns = LengthSpec.Uniform(2, 12), Count = 600 },
            ThinkSeconds = 20,
            Prefix = new PrefixSpec { Tokens = 800, Count = 10, Skew = 1 },
            InputLength = LengthSpec.Lognormal(150, 1, max: 4000),
            OutputLength = LengthSpec.Lognormal(250, 0.7, max: 4000),
        },
    });
}
