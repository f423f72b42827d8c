using CsCheck;
using LlmSim.Costs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

public sealed class CostBreakdownTests
{
    [Fact]
    public void Breakdown_of_many_steps_adds_up_to_their_durations() =>
        Gen.Select(TestScenarios.AnyModel, TestScenarios.AnyBatch.Array[1, 30]).Sample((model, batches) =>
        {
            var tally = new WorkTally(4096, 4096, model.NewBatch().Window);
            Int128 total = 0;
            double gpu = 0, flops = 0;
            foreach (var batch in batches)
            {
                tally.AddStep(batch);
                total += model.StepQuanta(batch);
                var step = model.Explain(batch);
                gpu += step.GpuSeconds;
                flops += step.Operators.Sum(row => row.Flops);
            }

            var breakdown = model.Breakdown(tally, total);
            double classes = breakdown.ComputeSeconds + breakdown.MemorySeconds + breakdown.CommunicationSeconds
                + breakdown.LatencySeconds;
            Assert.Equal(gpu, classes, 1e-9);
            Assert.Equal(gpu, breakdown.Operators.Sum(row => row.Seconds), 1e-9);
            Assert.Equal(CostRows.Seconds(total), classes + breakdown.HostSeconds, 1e-9);
            Assert.True(breakdown.HostSeconds > -1e-12);
            Assert.Equal(1, breakdown.FlopsPerGpu / flops, 1e-9);
            Assert.InRange(breakdown.Mfu(breakdown.TotalSeconds), 0, 0.8);
            Assert.InRange(breakdown.Mbu(breakdown.TotalSeconds), 0, 0.95);
        }, iter: 200);

    [Fact]
    public void A_decode_run_breaks_down_as_its_steps()
    {
        var model = TestScenarios.Model("llama-2-7b", "h100");
        var run = new WorkTally(64, 64);
        run.AddDecodeRun(sequences: 20, context: 5000, steps: 300);
        var steps = new WorkTally(64, 64);
        for (int i = 0; i < 300; i++)
        {
            var shape = new BatchShape();
            shape.AddDecode(20, 5000 + 20 * i);
            steps.AddStep(shape);
        }

        Assert.Equal(model.Breakdown(steps, 0).Operators, model.Breakdown(run, 0).Operators);
    }

    [Fact]
    public void Utilisations_of_a_batch_1_decode()
    {
        // The 13.35 GB of weights read in a step set MBU; MFU is 2 FLOP a parameter: 0.7%.
        var model = TestScenarios.Model("llama-2-7b", "a100");
        var tally = new WorkTally(16, 16);
        var batch = TestScenarios.Decode(1, 512);
        tally.AddStep(batch);
        var breakdown = model.Breakdown(tally, model.StepQuanta(batch));
        Assert.InRange(breakdown.Mbu(breakdown.TotalSeconds), 0.70, 0.80);
        Assert.InRange(breakdown.Mfu(breakdown.TotalSeconds), 0.0045, 0.0055);
        Assert.Equal(0, breakdown.Mfu(0));
        Assert.Equal(0, breakdown.Mbu(0));
    }

    [Fact]
    public void Link_bytes_are_not_memory_bytes()
    {
        var batch = TestScenarios.Prefill(1000);
        var tally = new WorkTally(1000, 16);
        tally.AddStep(batch);
        var model = TestScenarios.Model("llama-2-70b", "h100", ranks: 8);
        var breakdown = model.Breakdown(tally, model.StepQuanta(batch));
        double link = breakdown.Operators
            .Where(row => row.Operator is StepOperator.AllReduce or StepOperator.LogitsGather).Sum(row => row.Bytes);
        // 161 all-reduces of 1000·8192·2 B, 2·7/8 of it each, and 7/8 of 32,000 logits of 2 B.
        Assert.Equal(161 * 16_384_000.0 * 1.75 + 56_000, link);
        Assert.Equal(breakdown.Operators.Sum(row => row.Bytes) - link, breakdown.MemoryBytesPerGpu, 1);
    }
}
