using System.Numerics;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with the engine's knobs: what engines refuse at their start.</summary>
internal static class SchedulerChecks
{
    private const int MostBlockSize = 512;

    /// <summary>Each knob by itself.</summary>
    public static void CheckEach(ProblemList list, SimulatorConfig config)
    {
        SchedulerSpec given = config.Scheduler;
        list.AtLeast(1, "scheduler.max_num_seqs", given.MaxNumSeqs, "Leave it out for the engine's default.");
        list.AtLeast(1, "scheduler.max_num_batched_tokens", given.MaxNumBatchedTokens, "Leave it out for the engine's default.");
        list.AtLeast(2, "scheduler.max_model_len", given.MaxModelLen, "Leave it out for the model's own.");
        list.Require(given.GpuMemoryUtilization is null or (> 0 and <= 1), "scheduler.gpu_memory_utilization", given.GpuMemoryUtilization,
            "above 0, at most 1", "Give the engine's share of the GPU's memory, usually 0.9.");
        list.Require(given.FreeGpuMemoryFraction is null or (> 0 and <= 1), "scheduler.free_gpu_memory_fraction",
            given.FreeGpuMemoryFraction, "above 0, at most 1", "Give the share of the free memory for KV blocks, usually 0.9.");
        list.Known("scheduler.capacity_scheduler_policy", given.CapacitySchedulerPolicy ?? CapacityPolicy.GuaranteedNoEvict);
        list.Require(given.BlockSize is null || (given.BlockSize is >= 1 and <= MostBlockSize && BitOperations.IsPow2(given.BlockSize.Value)),
            "scheduler.block_size", given.BlockSize, $"a power of two from 1 to {MostBlockSize}", "Use 16, vLLM's default.");
        list.AtLeast(2, "scheduler.num_gpu_blocks_override", given.NumGpuBlocksOverride,
            "Block 0 is never handed out; leave the override out for what fits the memory.");
        list.AtLeast(0, "scheduler.long_prefill_token_threshold", given.LongPrefillTokenThreshold, "Use 0 for no such limit.");
        list.Known("scheduler.unchunked_admission", given.UnchunkedAdmission ?? UnchunkedAdmission.Stop);
        BatchingChecks.CheckEach(list, given, given.Batching ?? config.Engine.Batching);
    }

    /// <summary>The knobs together, and against the model.</summary>
    public static void CheckTogether(ProblemList list, SimulatorConfig config)
    {
        SchedulerSpec given = config.Scheduler;
        int trained = config.Model.MaxSequenceLength;
        list.Require(given.MaxModelLen is null || trained < 2 || given.MaxModelLen <= trained, "scheduler.max_model_len", given.MaxModelLen,
            $"from 2 to {trained}, the longest that {config.Model.Name} was trained for",
            "Lower it, or change the model: base with another max_sequence_length.");
        if (given.MaxNumSeqs is < 1 || given.MaxNumBatchedTokens is < 1 || given.MaxModelLen is < 2 || trained < 2)
        {
            return;
        }

        SchedulerDefaults set = SchedulerDefaults.Resolve(config);
        BatchingChecks.CheckTogether(list, config, set);
        string tokens = given.MaxNumBatchedTokens is null ? $"{set.MaxNumBatchedTokens} by default" : $"{set.MaxNumBatchedTokens}";
        list.Require(set.MaxNumBatchedTokens >= set.MaxNumSeqs, Given(given, "max_num_batched_tokens", "max_num_seqs"),
            given.MaxNumBatchedTokens ?? set.MaxNumSeqs,
            $"max_num_batched_tokens ({tokens}) at least max_num_seqs ({set.MaxNumSeqs})",
            "Raise max_num_batched_tokens, or lower max_num_seqs.");
        bool isMadeAgain = given.CapacitySchedulerPolicy == CapacityPolicy.MaxUtilization;
        list.Require(!isMadeAgain || set.EnableChunkedPrefill || set.MaxNumBatchedTokens >= set.MaxModelLen,
            "scheduler.capacity_scheduler_policy", "max_utilization",
            $"without chunked prefill max_num_batched_tokens ({tokens}) at least max_model_len ({set.MaxModelLen}): prompt and "
            + "answer of a paused request are computed again in one piece",
            "Turn chunked prefill on, raise max_num_batched_tokens, or lower max_model_len.");
        list.Require(!config.Engine.ChunksByBlock || !set.EnableChunkedPrefill || set.MaxNumBatchedTokens >= set.BlockSize,
            "scheduler.max_num_batched_tokens", set.MaxNumBatchedTokens, $"at least block_size ({set.BlockSize}), the unit of chunks",
            "Raise it, or lower block_size.");
        list.Require(config.Engine.RejectsLongPrompts || set.EnableChunkedPrefill || set.MaxNumBatchedTokens >= set.MaxModelLen,
            Given(given, "max_num_batched_tokens", "max_num_seqs"), given.MaxNumBatchedTokens ?? set.MaxNumSeqs,
            $"without chunked prefill max_num_batched_tokens ({tokens}) at least max_model_len ({set.MaxModelLen})",
            "Raise max_num_batched_tokens, lower max_model_len, or turn chunked prefill on.");
    }

    /// <summary>Which of two knobs the user set, so that the message names what there is to change.</summary>
    private static string Given(SchedulerSpec given, string tokens, string seqs) =>
        $"scheduler.{(given.MaxNumBatchedTokens is null ? seqs : tokens)}";
}
