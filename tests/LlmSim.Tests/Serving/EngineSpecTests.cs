using LlmSim.Catalog;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Serving;

public sealed class EngineSpecTests
{
    [Theory]
    [InlineData("vllm", "vllm@0.19.0")]
    [InlineData("vllm@0.11", "vllm@0.11.0")]
    [InlineData("VLLM@v0.8.5", "vllm@0.8.5")]
    [InlineData("sglang", "sglang@0.5.6")]
    [InlineData("sglang@0.5.5.post3", "sglang@0.5.5")]
    [InlineData("sglang@v0.5.6.post1", "sglang@0.5.6")]
    [InlineData("trtllm", "trtllm@1.0")]
    [InlineData("TensorRT_LLM@1.0", "trtllm@1.0")]
    [InlineData("sarathi", "sarathi")]
    [InlineData("sarathi-serve", "sarathi")]
    [InlineData("orca", "orca")]
    [InlineData("static", "static")]
    [InlineData("triton", "dynamic")]
    public void An_engine_is_read_as_people_write_it(string text, string expected)
    {
        Assert.True(EngineSpec.TryParse(text, out EngineSpec? engine));
        Assert.Equal(expected, engine.ToString());
        Assert.True(engine.IsKnown);
        Assert.True(EngineSpec.TryParse(expected, out EngineSpec? again));
        Assert.Equal(engine, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tgi")]
    [InlineData("vllm@")]
    [InlineData("vllm@1.2")]
    [InlineData("vllm@0.11@0.12")]
    [InlineData("vllm@0.1.2.3")]
    [InlineData("vllm@eleven")]
    [InlineData("sglang@0.5")]
    [InlineData("orca@1")]
    [InlineData("static@1")]
    public void Anything_else_is_not_an_engine(string text) => Assert.False(EngineSpec.TryParse(text, out _));

    [Theory]
    [InlineData("vllm@0.8.4")]
    [InlineData("vllm@0.20")]
    [InlineData("sglang@0.4.9")]
    public void Some_releases_are_not_known(string text)
    {
        Assert.True(EngineSpec.TryParse(text, out EngineSpec? engine));
        Assert.False(engine.IsKnown);
        Assert.Contains(ConfigValidator.Validate(DefaultScenario.Create() with { Engine = engine }), problem => problem.Field == "engine");
    }

    [Fact]
    public void Every_knob_belongs_to_an_engine_and_every_engine_has_knobs_that_exist()
    {
        string[] keys = [.. ScenarioSchema.Scheduler.Names];
        Assert.All(keys, key => Assert.Contains(EngineFamilies.All, family => family.Has(key)));
        Assert.All(EngineFamilies.All, family => Assert.All(family.Keys.Concat(family.Lacks), key => Assert.Contains(key, keys)));
        Assert.All(EngineFamilies.All, family => Assert.All(family.Instead.Keys, key => Assert.False(family.Has(key))));
        Assert.All(EngineFamilies.All.Where(family => family.Read(null)!.IsBuilt),
            family => Assert.All(family.Instead.Values.Where(other => !other.Contains(' ')), other => Assert.True(family.Has(other), other)));
    }

    [Theory]
    [InlineData("sglang", "scheduler.long_prefill_token_threshold: 64 is not allowed (a knob of vllm, not of sglang, which has "
        + "chunked_prefill_size (--chunked-prefill-size) instead). Use --chunked-prefill-size, or leave it out.")]
    [InlineData("trtllm", "scheduler.long_prefill_token_threshold: 64 is not allowed (a knob of vllm, not of trtllm, which has "
        + "enable_chunked_prefill (--enable-chunked-prefill) instead). Use --enable-chunked-prefill, or leave it out.")]
    [InlineData("orca", "scheduler.enable_chunked_prefill: true is not allowed (a knob of vllm, trtllm, static, dynamic, not of orca: "
        + "it never splits prompts). Leave it out, or name another engine.")]
    [InlineData("orca", "scheduler.batching: static is not allowed (not together with engine orca, which is continuous). "
        + "Leave it out, or name the engine static or dynamic instead.")]
    public void A_knob_that_an_engine_does_not_have_is_refused_with_what_it_has(string text, string problem)
    {
        Assert.True(EngineSpec.TryParse(text, out EngineSpec? engine));
        var scheduler = new SchedulerSpec { LongPrefillTokenThreshold = 64, EnableChunkedPrefill = true, Batching = Batching.Static };
        Assert.Contains(problem, ConfigValidator.Validate(DefaultScenario.Create() with { Engine = engine, Scheduler = scheduler })
            .Select(p => p.ToString()));
    }

    // A scenario written with every key, and read again: what an engine does not have is not given then.
    [Theory]
    [InlineData("vllm@0.8.5")]
    [InlineData("static")]
    [InlineData("dynamic")]
    [InlineData("trtllm")]
    [InlineData("sarathi")]
    [InlineData("orca")]
    public void A_written_scenario_can_be_read_again(string text)
    {
        Assert.True(EngineSpec.TryParse(text, out EngineSpec? engine));
        SimulatorConfig config = DefaultScenario.Create() with { Engine = engine };
        Assert.Equal(config, ScenarioJson.Parse(ScenarioJson.Write(config)));
    }

    [Fact]
    public void Static_and_dynamic_batching_are_the_engines_of_that_name()
    {
        foreach ((EngineSpec engine, Batching batching) in new (EngineSpec, Batching)[] { (BatchedEngine.Static, Batching.Static), (BatchedEngine.Dynamic, Batching.Dynamic) })
        {
            SimulatorConfig config = DefaultScenario.Create();
            Assert.Equal(
                Deployment.Resolve(config with { Scheduler = new SchedulerSpec { Batching = batching, BatchSize = 8 } }).Limits,
                Deployment.Resolve(config with { Engine = engine, Scheduler = new SchedulerSpec { BatchSize = 8 } }).Limits);
        }
    }

    // Loop, gate and what happens without chunked prefill, as the recorded schedules of these releases have them.
    [Theory]
    [InlineData("vllm@0.8.5", false, false, true, UnchunkedAdmission.SkipReversed)]
    [InlineData("vllm@0.11.0", false, false, false, UnchunkedAdmission.SkipReversed)]
    [InlineData("vllm@0.15.0", true, false, false, UnchunkedAdmission.Stop)]
    [InlineData("vllm@0.19.0", true, true, false, UnchunkedAdmission.Stop)]
    public void Behaviour_follows_the_release(string text, bool async, bool gate, bool alwaysChunked, UnchunkedAdmission unchunked)
    {
        EngineLimits limits = Limits(text, "h100", new SchedulerSpec { EnableChunkedPrefill = false, MaxNumBatchedTokens = 8192 });
        Assert.Equal((async, gate, alwaysChunked, unchunked),
            (limits.IsAsynchronous, limits.ReserveFullIsl, limits.EnableChunkedPrefill, limits.UnchunkedAdmission));
    }

    // get_batch_defaults: 70 GiB and more, the A100 left out since 0.9.
    [Theory]
    [InlineData("vllm@0.8.5", "a100-80gb", 8192, 1024)]
    [InlineData("vllm@0.9.0", "a100-80gb", 2048, 256)]
    [InlineData("vllm@0.8.5", "a100-40gb", 2048, 256)]
    [InlineData("vllm@0.8.5", "h100", 8192, 1024)]
    [InlineData("vllm@0.19", "h100", 8192, 1024)]
    [InlineData("vllm@0.19", "l4", 2048, 256)]
    public void Budget_and_seats_follow_release_and_memory(string text, string gpu, int tokens, int seats)
    {
        EngineLimits limits = Limits(text, gpu, new SchedulerSpec());
        Assert.Equal((tokens, seats), (limits.MaxNumBatchedTokens, limits.MaxNumSeqs));
    }

    [Fact]
    public void What_is_given_goes_before_the_release() =>
        Assert.False(Limits("vllm@0.19", "h100", new SchedulerSpec { AsyncScheduling = false }).IsAsynchronous);

    private static EngineLimits Limits(string engine, string gpu, SchedulerSpec scheduler)
    {
        Assert.True(EngineSpec.TryParse(engine, out EngineSpec? parsed));
        return EngineDefaults.Resolve(DefaultScenario.Create() with
        {
            Engine = parsed,
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
            Scheduler = scheduler,
        });
    }
}
