using System.Text.Json;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Serving.Sglang;
using LlmSim.Specs;

namespace LlmSim.Conformance;

/// <summary>Recordings of SGLang.</summary>
internal sealed class SglangFormat : RecordingFormat
{
    private static readonly Dictionary<string, SglangPolicy> Policies = new()
    {
        ["fcfs"] = SglangPolicy.Fcfs,
        ["lpm"] = SglangPolicy.Lpm,
        ["lof"] = SglangPolicy.Lof,
        ["dfs-weight"] = SglangPolicy.DfsWeight,
    };

    /// <inheritdoc />
    public override EngineLimits Limits(JsonElement config, string version, int[] priorities)
    {
        int page = config.GetProperty("page_size").GetInt32();
        int pool = config.GetProperty("max_total_num_tokens").GetInt32();
        int chunk = Math.Max(0, config.GetProperty("chunked_prefill_size").GetInt32());
        bool isOld = version.StartsWith("0.5.5", StringComparison.Ordinal);
        return new EngineLimits
        {
            MaxNumSeqs = config.GetProperty("max_running_requests").GetInt32(),
            MaxNumBatchedTokens = config.GetProperty("max_prefill_tokens").GetInt32(),
            MaxModelLen = SglangLimits.LongestSequence(config.GetProperty("context_len").GetInt32(), pool),
            UsableBlocks = pool / page,
            BlockSize = page,
            EnableChunkedPrefill = chunk > 0,
            EnablePrefixCaching = !config.GetProperty("disable_radix_cache").GetBoolean(),
            IsAsynchronous = config.GetProperty("overlap").GetBoolean(),
            Sglang = new SglangLimits
            {
                ChunkedPrefillSize = chunk,
                MaxPrefillTokens = config.GetProperty("max_prefill_tokens").GetInt32(),
                Policy = Policies.GetValueOrDefault(config.GetProperty("schedule_policy").GetString()!),
                ScheduleConservativeness = config.GetProperty("schedule_conservativeness").GetDouble(),
                EnableMixedChunk = config.GetProperty("enable_mixed_chunk").GetBoolean(),
                IgnoreEos = config.GetProperty("ignore_eos").GetBoolean(),
                EnablePriorityScheduling = config.GetProperty("enable_priority_scheduling").GetBoolean(),
                PriorityPreemptionThreshold = config.GetProperty("priority_scheduling_preemption_threshold").GetInt32(),
                LowPriorityValuesFirst = config.GetProperty("schedule_low_priority_values_first").GetBoolean(),
                Priorities = priorities,
                CachesOutput = isOld,
                HasOldPreemption = isOld,
            },
        };
    }

    /// <inheritdoc />
    public override IEnumerable<string> NotModelled(JsonElement config, string version)
    {
        string policy = config.GetProperty("schedule_policy").GetString()!;
        return Policies.ContainsKey(policy) ? [] : [$"policy {policy}"];
    }

    /// <inheritdoc />
    public override RecordedStep Parse(JsonElement step)
    {
        long start = step.GetProperty("t_us").GetInt64();
        return new SglangStep(
            step.TryGetProperty("decided_us", out JsonElement decided) ? decided.GetInt64() : start,
            start,
            step.GetProperty("end_us").GetInt64(),
            step.GetProperty("mode").GetString()!,
            step.TryGetProperty("idle_before", out JsonElement idle) ? idle.GetInt32() : 0,
            Pairs(step, "scheduled"),
            Mapped(step, "cached"),
            step.TryGetProperty("chunked", out JsonElement chunked) ? chunked.GetInt64() : null,
            Ids(step, "retracted"),
            Ids(step, "preempted"),
            Ids(step, "finished"),
            step.GetProperty("waiting").GetInt32(),
            step.GetProperty("free_tokens").GetInt32(),
            step.GetProperty("evictable_tokens").GetInt32(),
            step.GetProperty("new_token_ratio").GetDouble());
    }

    /// <inheritdoc />
    public override RecordedStep? Record(StepRecord step, IReadOnlyList<long> ids, EngineLimits limits)
    {
        if (step.Scheduled.Count == 0)
        {
            return null;
        }

        bool isPrefill = step.DecodeSequences < step.Scheduled.Count;
        List<long> thrownOut = [.. step.Preempted.Select(id => ids[(int)id])];
        return new SglangStep(
            step.Decided.Microseconds(),
            step.Start.Microseconds(),
            step.End.Microseconds(),
            !isPrefill ? "decode" : step.DecodeSequences > 0 ? "mixed" : "prefill",
            step.IdleTurns,
            [.. step.Scheduled.Select(s => (ids[(int)s.RequestId], s.Tokens))],
            [.. step.Cached.Select(c => (ids[(int)c.RequestId], c.Tokens)).Order()],
            step.PartlyPrefilled < 0 ? null : ids[(int)step.PartlyPrefilled],
            isPrefill ? [] : thrownOut, // Decode steps retract, prefill steps preempt by priority.
            isPrefill ? thrownOut : [],
            [],
            step.Waiting,
            step.FreeBlocks * limits.BlockSize,
            step.EvictableBlocks * limits.BlockSize,
            step.NewTokenRatio);
    }

    /// <inheritdoc />
    public override IEnumerable<(string Name, long Value)> Counts(IReadOnlyList<RecordedStep> steps) =>
    [
        ("retractions", steps.Cast<SglangStep>().Sum(step => (long)step.Retracted.Count)),
        ("preemptions", steps.Cast<SglangStep>().Sum(step => (long)step.Preempted.Count)),
        ("prefix_hit_tokens", steps.Sum(step => step.Cached.Sum(c => (long)c.Tokens))),
        ("steps", steps.Count),
        .. steps.Cast<SglangStep>().CountBy(step => step.Mode).Select(mode => ($"steps_by_mode.{mode.Key}", (long)mode.Value)),
    ];
}
