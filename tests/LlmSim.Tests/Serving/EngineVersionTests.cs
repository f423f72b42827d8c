using LlmSim.Catalog;
using LlmSim.Scenarios;
using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Tests.Serving;

public sealed class EngineVersionTests
{
    [Theory]
    [InlineData("vllm", "vllm@0.19.0")]
    [InlineData("vllm@0.11", "vllm@0.11.0")]
    [InlineData("VLLM@v0.8.5", "vllm@0.8.5")]
    public void A_release_is_read_as_people_write_it(string text, string expected)
    {
        Assert.True(EngineVersion.TryParse(text, out EngineVersion? version));
        Assert.Equal(expected, version.ToString());
        Assert.True(version.Value.IsKnown);
    }

    [Theory]
    [InlineData("sglang")]
    [InlineData("vllm@")]
    [InlineData("vllm@1.2")]
    [InlineData("vllm@0.11@0.12")]
    [InlineData("vllm@0.1.2.3")]
    [InlineData("vllm@eleven")]
    public void Anything_else_is_not_a_release(string text) => Assert.False(EngineVersion.TryParse(text, out _));

    [Theory]
    [InlineData("vllm@0.8.4")]
    [InlineData("vllm@0.20")]
    public void Some_releases_are_not_known(string text)
    {
        Assert.True(EngineVersion.TryParse(text, out EngineVersion? version));
        Assert.False(version.Value.IsKnown);
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
        Assert.True(EngineVersion.TryParse(engine, out EngineVersion? version));
        return EngineDefaults.Resolve(DefaultScenario.Create() with
        {
            Engine = version.Value,
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get(gpu) },
            Scheduler = scheduler,
        });
    }
}
