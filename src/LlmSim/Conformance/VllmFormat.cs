using System.Text.Json;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Specs.Engines;

namespace LlmSim.Conformance;

/// <summary>Recordings of vLLM V1.</summary>
internal sealed class VllmFormat : RecordingFormat
{
    /// <inheritdoc />
    public override EngineLimits Limits(JsonElement config, string version, int[] priorities)
    {
        VllmEngine release = EngineSpec.TryParse($"vllm@{version}", out EngineSpec? known) ? (VllmEngine)known : VllmEngine.Newest;
        return new EngineLimits
        {
            MaxNumSeqs = config.GetProperty("max_num_seqs").GetInt32(),
            MaxNumBatchedTokens = config.GetProperty("max_num_batched_tokens").GetInt32(),
            MaxModelLen = config.GetProperty("max_model_len").GetInt32(),
            UsableBlocks = config.GetProperty("num_gpu_blocks").GetInt32() - 1,
            BlockSize = config.GetProperty("block_size").GetInt32(),
            EnableChunkedPrefill = config.GetProperty("enable_chunked_prefill").GetBoolean() || !release.HeedsChunkedPrefill,
            LongPrefillTokenThreshold = config.GetProperty("long_prefill_token_threshold").GetInt32(),
            EnablePrefixCaching = config.GetProperty("enable_prefix_caching").GetBoolean(),
            ReserveFullIsl = config.GetProperty("scheduler_reserve_full_isl").GetBoolean(),
            UnchunkedAdmission = release.UnchunkedAdmission,
            VictimKeepsTokens = release.VictimKeepsTokens,
            Order = config.GetProperty("policy").GetString() == "priority" ? new PriorityOrder(priorities) : null,
            IsAsynchronous = config.GetProperty("async_scheduling").GetBoolean(),
        };
    }

    /// <inheritdoc />
    public override IEnumerable<string> NotModelled(JsonElement config, string version)
    {
        string policy = config.GetProperty("policy").GetString()!;
        if (policy is not ("fcfs" or "priority"))
        {
            yield return $"policy {policy}";
        }
    }

    /// <inheritdoc />
    public override RecordedStep Parse(JsonElement step)
    {
        long start = step.GetProperty("t_us").GetInt64();
        return new VllmStep(
            step.TryGetProperty("decided_us", out JsonElement decided) ? decided.GetInt64() : start,
            start,
            step.GetProperty("end_us").GetInt64(),
            Pairs(step, "scheduled"),
            Ids(step, "new"),
            Ids(step, "resumed"),
            Ids(step, "preempted"),
            Mapped(step, "cached"),
            Ids(step, "finished"),
            step.GetProperty("running").GetInt32(),
            step.GetProperty("waiting").GetInt32(),
            step.GetProperty("free_blocks").GetInt32());
    }

    /// <inheritdoc />
    public override RecordedStep? Record(StepRecord step, IReadOnlyList<long> ids, EngineLimits limits) =>
        step.Scheduled.Count + step.Preempted.Count == 0 ? null : new VllmStep(
            step.Decided.Microseconds(),
            step.Start.Microseconds(),
            step.End.Microseconds(),
            [.. step.Scheduled.Select(s => (ids[(int)s.RequestId], s.Tokens))],
            [.. step.Admitted.Select(id => ids[(int)id])],
            [.. step.Resumed.Select(id => ids[(int)id])],
            [.. step.Preempted.Select(id => ids[(int)id])],
            [.. step.Cached.Select(c => (ids[(int)c.RequestId], c.Tokens)).Order()],
            [],
            step.Running,
            step.Waiting,
            step.FreeBlocks);

    /// <inheritdoc />
    public override IEnumerable<(string Name, long Value)> Counts(IReadOnlyList<RecordedStep> steps) =>
    [
        ("preemptions", steps.Cast<VllmStep>().Sum(step => (long)step.Preempted.Count)),
        ("prefix_hit_tokens", steps.Sum(step => step.Cached.Sum(c => (long)c.Tokens))),
        ("steps", steps.Count),
    ];
}
