using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Specs.Engines;

namespace LlmSim.Costs;

/// <summary>
/// How one GPU's memory is divided: weights, activations and runtime first, what is left becomes KV blocks.
/// </summary>
/// <remarks>
/// The plan of vLLM (<c>vllm/v1/worker/gpu_worker.py</c>, <c>determine_available_memory</c>): the budget is a share of
/// the total memory, and CUDA graphs live outside it (until v0.21). Against servers on H100 (max_num_batched_tokens
/// 2048, 128 sequences): Llama-2-7B 7,460 blocks, 7,462 in reality; Llama-2-70B over 4 GPUs 31,368 and 31,356.
/// </remarks>
public sealed record MemoryPlan
{
    /// <summary>
    /// Memory beside PyTorch's tensors on one GPU: libraries, kernels, workspaces, allocator rounding. 370 MiB, what
    /// the block counts of two H100 servers leave over; vLLM itself logs 160 MiB of it as non-PyTorch memory (pull
    /// request 12126).
    /// </summary>
    private const long RuntimeBytes = 370L << 20;

    /// <summary>
    /// Buffers of NCCL: 342 MiB between 2 GPUs, 392 MiB beyond (aiconfigurator's description of H100 and A100 systems).
    /// </summary>
    private const long NcclBytesOfTwo = 342L << 20;
    private const long NcclBytesOfMore = 392L << 20;

    /// <summary>The GPU's memory.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>What the engine may use: total × gpu_memory_utilization, rounded up; with free_gpu_memory_fraction what has to be there
    /// before the first KV block, and that share of the rest.</summary>
    public required long BudgetBytes { get; init; }

    /// <summary>Weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>
    /// Most that activations take at once: max(4·h, 2·f/p) elements for each token of the largest step (with experts
    /// what their products take), and FP32 logits for each sequence.
    /// </summary>
    public required long ActivationBytes { get; init; }

    /// <summary>Memory of the runtime and of communication buffers.</summary>
    public required long ReserveBytes { get; init; }

    /// <summary>One KV block.</summary>
    public required long BlockBytes { get; init; }

    /// <summary>KV blocks, block 0 included: as many as fit, or the number asked for. 0 when nothing is left.</summary>
    public required int Blocks { get; init; }

    /// <summary>What has to be there before the first KV block.</summary>
    public long FixedBytes => WeightBytes + ActivationBytes + ReserveBytes;

    /// <summary>The KV pool.</summary>
    public long KvPoolBytes => Blocks * BlockBytes;

    /// <summary>Blocks that requests can hold: all but those that the engine never hands out.</summary>
    public int UsableBlocks => Math.Max(0, Blocks - UnusableBlocks);

    /// <summary>Blocks that are never handed out: block 0 in vLLM, none in other engines.</summary>
    internal int UnusableBlocks { get; init; } = 1;

    /// <summary>Plans the memory of the GPU with the fewest KV blocks: all stages of a pipeline have as many as that one.</summary>
    /// <param name="stages">The stages, at least one.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="tensorParallel">GPUs that share each layer. At least 1.</param>
    /// <param name="scheduler">Utilisation, block size and number of blocks asked for; where null, vLLM's.</param>
    /// <param name="maxNumBatchedTokens">Most tokens in a step.</param>
    /// <param name="maxNumSeqs">Most sequences in a step.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tensor parallelism or the block size is below 1.</exception>
    public static MemoryPlan For(
        IReadOnlyList<ModelStage> stages, GpuSpec gpu, int tensorParallel, SchedulerSpec scheduler,
        int maxNumBatchedTokens, int maxNumSeqs) =>
        stages.Select(stage => For(stage, gpu, tensorParallel, scheduler, maxNumBatchedTokens, maxNumSeqs))
            .MinBy(plan => (plan.Blocks, -plan.FixedBytes))!;

    /// <summary>Plans the memory of one GPU.</summary>
    /// <param name="stage">What it holds of the model.</param>
    /// <param name="gpu">The GPU.</param>
    /// <param name="tensorParallel">GPUs that share each layer. At least 1.</param>
    /// <param name="scheduler">Utilisation, block size and number of blocks asked for; where null, vLLM's.</param>
    /// <param name="maxNumBatchedTokens">Most tokens in a step.</param>
    /// <param name="maxNumSeqs">Most sequences in a step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tensorParallel"/> or the block size is below
    /// 1.</exception>
    public static MemoryPlan For(
        ModelStage stage, GpuSpec gpu, int tensorParallel, SchedulerSpec scheduler,
        int maxNumBatchedTokens, int maxNumSeqs)
    {
        ModelSpec model = stage.Model;
        int blockSize = scheduler.BlockSize ?? EngineSpec.Default.BlockSize;
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        double share = scheduler.GpuMemoryUtilization ?? EngineSpec.Default.GpuMemoryUtilization;
        long budget = (long)Math.Ceiling(gpu.MemoryBytes * share);
        var layout = new BlockLayout(model.HiddenSize, tensorParallel);
        long width = model.LayerPlans().SelectMany(plan => plan.Blocks)
            .Select(block => block.PeakActivations(layout)).Append(4L * model.HiddenSize).Max();
        var plan = new MemoryPlan
        {
            TotalBytes = gpu.MemoryBytes,
            BudgetBytes = budget,
            WeightBytes = stage.WeightBytesPerGpu(tensorParallel),
            ActivationBytes = maxNumBatchedTokens * width * model.ActivationBytes()
                + (stage.HasHead ? (long)maxNumSeqs * model.VocabularySize * sizeof(float) : 0),
            ReserveBytes = RuntimeBytes + NcclBytes(tensorParallel),
            BlockBytes = blockSize * model.KvBytesPerToken(tensorParallel),
            Blocks = 0,
        };
        if (scheduler.FreeGpuMemoryFraction is { } fraction)
        {
            plan = plan with { BudgetBytes = plan.FixedBytes + (long)(Math.Max(0, gpu.MemoryBytes - plan.FixedBytes) * fraction) };
        }

        long fitting = Math.Max(0, plan.BudgetBytes - plan.FixedBytes) / Math.Max(1, plan.BlockBytes);
        return plan with { Blocks = scheduler.NumGpuBlocksOverride ?? (int)Math.Min(fitting, int.MaxValue) };
    }

    private static long NcclBytes(int tensorParallel) =>
        tensorParallel switch { 1 => 0, 2 => NcclBytesOfTwo, _ => NcclBytesOfMore };
}
