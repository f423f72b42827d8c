using LlmSim.Serving.Events;
using LlmSim.Specs;
using static LlmSim.Samples.Study;

namespace LlmSim.Samples;

/// <summary>A burst of prompts through a pipeline of four stages: when each stage works on which, and what share of the time it idles.</summary>
internal static class Bubbles
{
    private const int Stages = 4;
    private const int Columns = 66;

    public static void Run(TextWriter output)
    {
        Draw(output, batches: 6);
        output.WriteLine();
        var table = new TextTable("batches", "idle", "closed form (p-1)/(m+p-1)");
        foreach (int batches in new[] { 1, 4, 16, 64 })
        {
            table.Add($"{batches}", $"{1 - Simulate(Burst(batches)).GpuUtilization:0.0%}", $"{(Stages - 1.0) / (batches + Stages - 1):0.0%}");
        }

        table.Write(output);
        output.WriteLine("The bubble at both ends of a burst shrinks with its length; the rest is that the last stage, with the LM head, is longer.");
    }

    // Prompts that fill a step each, and one token of output.
    private static SimulatorConfig Burst(int batches) => Scenario("llama-3.1-70b", "h100-80gb-sxm", double.PositiveInfinity) with
    {
        Parallelism = new ParallelismSpec { PipelineParallel = Stages },
        Scheduler = new SchedulerSpec { MaxModelLen = 8192, MaxNumBatchedTokens = 2048 },
        Host = new HostSpec { TokenizationSecondsPerToken = 0 },
        Workload = new WorkloadSpec
        {
            RequestRatePerSecond = double.PositiveInfinity,
            NumRequests = batches,
            InputLength = LengthSpec.Fixed(2048),
            OutputLength = LengthSpec.Fixed(1),
        },
    };

    private static void Draw(TextWriter output, int batches)
    {
        SimulatorConfig config = Burst(batches);
        var log = new BatchLog();
        new LlmInferenceSimulator(config).Observe(log).Run();
        double total = log.Ends.Max();
        double stage = (log.Ends[0] - log.Starts[0]) / Stages;
        for (int row = 0; row < Stages; row++)
        {
            char[] line = [.. Enumerable.Repeat('.', Columns)];
            for (int batch = 0; batch < log.Starts.Count; batch++)
            {
                double end = log.Ends[batch] - ((Stages - 1 - row) * stage);
                int from = (int)((end - stage) / total * Columns), to = (int)(end / total * Columns);
                Array.Fill(line, (char)('1' + batch), from, to - from);
            }

            output.WriteLine($"stage {row + 1}  {new string(line)}");
        }

        output.WriteLine($"         0 {new string(' ', Columns - 10)} {total * 1e3:0} ms");
    }

    private sealed class BatchLog : SimulationObserver
    {
        public List<double> Starts { get; } = [];

        public List<double> Ends { get; } = [];

        public override SimulationEvents Interests => SimulationEvents.BatchFormed;

        public override void Handle(in BatchFormed e)
        {
            if (e.Step.Scheduled.Count > 0)
            {
                Starts.Add(e.Step.Start.Seconds);
                Ends.Add(e.Step.End.Seconds);
            }
        }
    }
}
