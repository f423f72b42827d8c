using CsCheck;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Tests.Costs;

/// <summary>Whole steps with the profiles that come with llmsim.</summary>
public sealed class CalibratedCostTests
{
    private static readonly Gen<TransformerCostModel> AnyModel =
        from model in Gen.OneOf(ModelCatalog.All.ToArray())
        from gpu in Gen.OneOf(GpuCatalog.All.ToArray())
        from ranks in Gen.OneOf(1, 2, 4, 8)
        from hostMicroseconds in Gen.Int[0, 20_000]
        from asynchronous in Gen.Bool
        select Cost(model, gpu, ranks, hostMicroseconds * 1e-6, asynchronous);

    [Fact]
    public void Decode_runs_cost_what_their_steps_cost() =>
        Gen.Select(AnyModel, Gen.Int[1, 200], Gen.Int[1, 10_000], Gen.Int[0, 199]).Sample((cost, sequences, mean, odd) =>
        {
            long context = (long)sequences * mean + odd % sequences;
            for (int pieces = 0; pieces < 3; pieces++)
            {
                DecodeRunCost run = cost.DecodeRun(sequences, context);
                foreach (long step in new[] { 0, 1, run.ValidSteps / 2, run.ValidSteps - 1 }.Where(step => step < Math.Min(run.ValidSteps, 1 << 20)))
                {
                    var shape = cost.NewBatch();
                    shape.AddDecode(sequences, context + step * sequences);
                    Assert.Equal(cost.StepQuanta(shape), run.First + step * run.Growth);
                }

                if (run.ValidSteps > 1 << 20)
                {
                    break;
                }

                context += run.ValidSteps * sequences;
            }
        }, iter: 300);

    [Fact]
    public void The_breakdown_adds_up_to_the_step() => Gen.Select(AnyModel, TestScenarios.AnyBatch, Gen.Int[0, 3000]).Sample((cost, batch, extra) =>
    {
        var shape = cost.NewBatch();
        if (batch.PrefillTokens > 0)
        {
            shape.AddPrefill(batch.PrefillTokens, extra, endsPrompt: true);
        }

        if (batch.DecodeSequences > 0)
        {
            shape.AddDecode(batch.DecodeSequences, batch.DecodeContext);
        }

        long step = cost.StepQuanta(shape);
        long gpu = cost.WorkOf(shape).Quanta;
        double host = cost.HostSeconds(shape);
        Assert.Equal(CostRows.Seconds(step), cost.HostOverlaps ? Math.Max(CostRows.Seconds(gpu), host) : CostRows.Seconds(gpu) + host, 1e-12);
    }, iter: 300);

    [Fact]
    public void Time_never_falls_with_tokens_context_or_less_bandwidth() => Gen.Select(
        Gen.OneOf(ModelCatalog.All.ToArray()), Gen.OneOf(GpuCatalog.All.ToArray()), Gen.OneOf(1, 2, 4),
        Gen.Select(Gen.Int[0, 2000], Gen.Int[0, 4000]), Gen.Select(Gen.Int[1, 100], Gen.Int[1, 8000]), Gen.Int[0, 4]).Sample(
        (model, gpu, ranks, chunk, decodes, which) =>
        {
            long before = Step(gpu, chunk.Item1, chunk.Item2, decodes.Item1, decodes.Item2);
            long after = which switch
            {
                0 => Step(gpu, chunk.Item1 + 1 + chunk.Item2 / 8, chunk.Item2, decodes.Item1, decodes.Item2),
                1 => Step(gpu, chunk.Item1, chunk.Item2 + 100, decodes.Item1, decodes.Item2),
                2 => Step(gpu, chunk.Item1, chunk.Item2, decodes.Item1 + 3, decodes.Item2),
                3 => Step(gpu, chunk.Item1, chunk.Item2, decodes.Item1, decodes.Item2 + 10),
                _ => Step(gpu with { MemoryBytesPerSecond = gpu.MemoryBytesPerSecond * 0.9 }, chunk.Item1, chunk.Item2, decodes.Item1, decodes.Item2),
            };

            // A quantum here and there is rounding: a few million of them are a microsecond.
            Assert.True(after >= before - 1_000_000, $"{model.Name} on {gpu.Name} x {ranks}, change {which}: {before} then {after}");

            long Step(GpuSpec on, int tokens, int behind, int sequences, int mean)
            {
                var cost = new TransformerCostModel(model, new ClusterSpec { Gpu = on }, ranks, TestScenarios.NoHost, true, 4096,
                    profile: KernelProfiles.For(gpu));
                var shape = cost.NewBatch();
                shape.AddDecode(sequences, (long)sequences * mean);
                if (tokens > 0)
                {
                    shape.AddPrefill(tokens, behind, endsPrompt: true);
                }

                return cost.StepQuanta(shape);
            }
        }, iter: 300);

    [Fact]
    public void More_GPUs_never_make_a_step_slower_but_for_what_they_say_to_each_other() => Gen.Select(
        Gen.OneOf(ModelCatalog.All.Where(HasNoExperts).ToArray()), Gen.OneOf(GpuCatalog.All.ToArray()), Gen.OneOf(1, 2, 4), TestScenarios.AnyBatch, Gen.Bool)
        .Where((model, _, ranks, _, _) => FewestKvHeads(model) >= 2 * ranks) // With fewer, GPUs hold copies, and kernels for heads without sharing run.
        .Sample((model, gpu, ranks, batch, calibrated) =>
        {
            (double before, double after) = (Alone(ranks), Alone(2 * ranks));
            Assert.True(after <= before + 1e-9, $"{model.Name} on {gpu.Name} x {ranks}, {(calibrated ? "calibrated" : "datasheet")}: {before} then {after}");

            double Alone(int on) => new TransformerCostModel(model, new ClusterSpec { Gpu = gpu }, on, TestScenarios.NoHost, true, 4096,
                profile: calibrated ? KernelProfiles.For(gpu) : null)
                .Explain(batch).Operators.Where(row => row.BoundBy != CostClass.Communication).Sum(row => row.Seconds);
        }, iter: 300);

    [Fact]
    public void A_step_of_one_kernel_family_is_the_formula_of_its_profile()
    {
        // 32 layers of Llama-3.1-8B, 50 sequences of 2,000 keys, 8 key/value heads of 128: 4,096 B a key and layer.
        GpuSpec h100 = GpuCatalog.Get("h100");
        KernelProfile profile = KernelProfiles.For(h100);
        var rates = new GpuRates(989.4e12, 3350e9, 132);
        var rows = Cost(ModelCatalog.Get("llama-3.1-8b"), h100, 1, 0, true).Explain(TestScenarios.Decode(50, 2000)).Operators;
        double attention = rows.Where(row => row.Operator is StepOperator.DecodeScores or StepOperator.DecodeValues).Sum(row => row.Seconds);
        double expected = 32 * profile.Decode.Single(one => one.Grouped).Seconds(rates, 50, 100_000, 32, 8, 100_000 * 4096.0);
        Assert.InRange(attention / expected, 0.999, 1.001);
        double gemm = rows.Single(row => row.Operator == StepOperator.MlpDown).Seconds;
        double bytes = 2.0 * (14336 * 4096 + 50 * (14336 + 4096));
        Assert.Equal(32 * profile.Gemm.Single(one => one.Type == DataType.Bf16).Seconds(rates, 50, 14336, 4096, bytes), gemm, 1e-9);
    }

    [Fact]
    public void An_all_reduce_over_half_the_link_takes_twice_as_long_where_bandwidth_counts()
    {
        GpuSpec h100 = GpuCatalog.Get("h100");
        KernelProfile profile = KernelProfiles.For(h100);
        AllReduceCurve curve = profile.AllReduce.Single(one => one.Ranks == 4);
        double Time(InterconnectSpec link, double bytes, int ranks = 4) => CostRows.Seconds((long)new CalibratedTimer(
            h100, link, spansNodes: false, KernelEfficiencies.Default, profile).AllReduce(1, bytes, ranks).Total);
        InterconnectSpec half = h100.Interconnect with { BytesPerSecond = h100.Interconnect.BytesPerSecond / 2 };
        Assert.Equal(curve.SecondsFor(5e8), Time(h100.Interconnect, 5e8), 1e-9);
        Assert.Equal(2, Time(half, 2e9) / Time(h100.Interconnect, 2e9), 1e-3);
        Assert.Equal(curve.SecondsFor(1000), Time(half, 500), 1e-9);
        Assert.Equal(curve.SecondsFor(1e6), Time(h100.Interconnect, 1e6, ranks: 3), 1e-9);
    }

    private static int FewestKvHeads(ModelSpec model) => model.LayerGroups.Select(group => group.KvHeads ?? model.KvHeads).Append(model.KvHeads).Min();

    // The width of a part of an expert decides which tuned kernel it gets, or none.
    private static bool HasNoExperts(ModelSpec model) => model.Experts is null && model.LayerGroups.All(group => group.Experts is null);

    private static TransformerCostModel Cost(ModelSpec model, GpuSpec gpu, int ranks, double hostSeconds, bool asynchronous) =>
        new(model, new ClusterSpec { Gpu = gpu }, ranks, new HostSpec { StepSeconds = hostSeconds }, asynchronous, 4096,
            profile: KernelProfiles.For(gpu));
}
