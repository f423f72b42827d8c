using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Costs;

/// <summary>Steps that run as the next captured CUDA graph.</summary>
public sealed class GraphSizesTests
{
    [Theory]
    [InlineData(8, 5, 1024, "1,2,4,4,8,256,264,512,513")]
    [InlineData(11, 0, 128, "1,2,4,4,8,256,257,512,513")]
    [InlineData(11, 1, 256, "1,2,4,4,8,256,272,512,513")]
    [InlineData(19, 0, 256, "1,2,4,4,8,256,272,512,513")]
    [InlineData(19, 0, 128, "1,2,4,4,8,256,257,512,513")]
    [InlineData(19, 0, 3, "1,2,4,4,5,255,257,512,513")]
    public void Are_those_of_the_release(int minor, int patch, int seats, string padded)
    {
        GraphSizes sizes = new VllmEngine(minor, patch).Graphs(seats, 2048);
        Assert.Equal(padded, string.Join(',', new[] { 1, 2, 3, 4, 5, 255, 257, 512, 513 }.Select(sizes.Padded)));
    }

    [Fact]
    public void No_engine_but_vllm_pads()
    {
        Assert.True(EngineSpec.TryParse("sglang", out EngineSpec? sglang));
        Assert.All(Enumerable.Range(1, 600), tokens => Assert.Equal(tokens, sglang!.Graphs(256, 2048).Padded(tokens)));
    }

    [Fact]
    public void All_but_attention_and_what_follows_the_layers_is_that_of_the_next_size()
    {
        PipelineCostModel cost = Deployment.Resolve(new SimulatorConfig
        {
            Model = LlmSim.Catalog.ModelCatalog.Get("llama-2-7b"),
            Cluster = new ClusterSpec { Gpu = LlmSim.Catalog.GpuCatalog.Get("a100") },
            Profile = SimulatorConfig.DatasheetProfile, // whose attention goes by keys alone
        }).Cost;
        Assert.Equal(Decode(16, 8000) - Rows(16), Decode(9, 8000) - Rows(9));
        Assert.True(Decode(17, 8000) > Decode(16, 8000));
        for (int sequences = 1; sequences <= 40; sequences++)
        {
            DecodeRunCost run = cost.DecodeRun(sequences, 8000);
            Assert.Equal(run.First, Decode(sequences, 8000));
            Assert.Equal(run.First + run.Growth, Decode(sequences, 8000 + sequences));
        }

        long Decode(int sequences, long context)
        {
            BatchShape shape = cost.NewBatch();
            shape.AddDecode(sequences, context);
            return cost.StepQuanta(shape);
        }

        // LM head and sampler, from a step of prompts that all end against one in which one does.
        long Rows(int rows)
        {
            BatchShape all = cost.NewBatch(), one = cost.NewBatch();
            for (int i = 0; i < rows; i++)
            {
                all.AddPrefill(1, 0, endsPrompt: true);
                one.AddPrefill(1, 0, endsPrompt: i == 0);
            }

            return cost.StepQuanta(all) - cost.StepQuanta(one);
        }
    }
}
