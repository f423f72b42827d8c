namespace LlmSim.Specs.Engines;

/// <summary>A release of SGLang: <c>sglang@0.5.5</c> or <c>sglang@0.5.6</c>. Post releases (0.5.6.post1) count with theirs.</summary>
/// <param name="Minor">Second part of the version; the first is 0.</param>
/// <param name="Patch">Third part.</param>
/// <remarks>Defaults as in <c>python/sglang/srt/server_args.py</c> (<c>_handle_gpu_memory_settings</c>).</remarks>
public sealed record SglangEngine(int Minor, int Patch) : EngineSpec
{
    /// <summary>Fewest and most requests that run at once by default, if the KV cache has room for them.</summary>
    internal const int LeastSeats = 2048;

    internal const int MostSeats = 4096;

    private const double Mebi = 1 << 20;

    /// <summary>The first release known.</summary>
    public static SglangEngine Oldest { get; } = new(5, 5);

    /// <summary>The last release known.</summary>
    public static SglangEngine Newest { get; } = new(5, 6);

    internal static EngineFamily Engines { get; } = new("sglang")
    {
        Written = $"{Oldest.Release}, {Newest.Release}",
        Reproduces = "scheduler, both loops, radix cache, memory, defaults",
        Checked = "81 of 81 recordings identical",
        Read = Parse,
        Keys =
        [
            "enable_prefix_caching", "async_scheduling", "chunked_prefill_size", "max_prefill_tokens", "mem_fraction_static",
            "max_total_tokens", "schedule_policy", "schedule_conservativeness", "enable_mixed_chunk", "enable_priority_scheduling",
            "priority_scheduling_preemption_threshold", "schedule_low_priority_values_first",
        ],
        Lacks = ["max_num_batched_tokens", "gpu_memory_utilization", "num_gpu_blocks_override"],
        Instead = new Dictionary<string, string>
        {
            ["policy"] = "schedule_policy",
            ["gpu_memory_utilization"] = "mem_fraction_static",
            ["num_gpu_blocks_override"] = "max_total_tokens",
            ["long_prefill_token_threshold"] = "chunked_prefill_size",
            ["enable_chunked_prefill"] = "chunked_prefill_size",
            ["max_num_batched_tokens"] = "chunked_prefill_size",
            ["preemption"] = "it always computes again what it threw out",
            ["reserve_full_isl"] = "it reserves by schedule_conservativeness",
        },
    };

    /// <inheritdoc />
    public override string Release => $"0.{Minor}.{Patch}";

    /// <inheritdoc />
    public override bool IsKnown => this == Oldest || this == Newest;

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override int BlockSize => 1;

    /// <inheritdoc />
    internal override bool HasPrefixCaching => true;

    /// <inheritdoc />
    internal override bool IsAsyncByDefault => true;

    /// <summary>Whether generated tokens enter the radix tree, and priority preemption is as it was: both changed with 0.5.6.</summary>
    internal bool IsBefore056 => Patch < 6;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => MostSeats;

    /// <inheritdoc />
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) =>
        Math.Max(Math.Max(seats, maxModelLen), ChunkOn(gpu));

    /// <inheritdoc />
    internal override void Check(ProblemList list, SchedulerSpec given)
    {
        SglangSpec knobs = given.Sglang;
        int page = given.BlockSize ?? BlockSize;
        list.Require(knobs.ChunkedPrefillSize is null or -1 or >= 1, "scheduler.chunked_prefill_size", knobs.ChunkedPrefillSize,
            "at least 1, or -1 for prompts that are never split", "Leave it out for the engine's default.");
        list.Require(knobs.ChunkedPrefillSize is null or < 1 || page < 1 || knobs.ChunkedPrefillSize % page == 0,
            "scheduler.chunked_prefill_size", knobs.ChunkedPrefillSize, $"a multiple of page_size, which is {page}",
            "Change one of them.");
        list.AtLeast(1, "scheduler.max_prefill_tokens", knobs.MaxPrefillTokens, "Leave it out for 16384.");
        list.AtLeast(1, "scheduler.max_total_tokens", knobs.MaxTotalTokens, "Leave it out for what fits the memory.");
        list.AtLeast(0, "scheduler.priority_scheduling_preemption_threshold", knobs.PriorityPreemptionThreshold, "Leave it out for 10.");
        list.Require(knobs.MemFractionStatic is null or (> 0 and < 1), "scheduler.mem_fraction_static", knobs.MemFractionStatic,
            "above 0, below 1", "Give the share for weights and KV cache, usually 0.8 to 0.9.");
        list.Require(knobs.ScheduleConservativeness is > 0 and <= 100, "scheduler.schedule_conservativeness",
            knobs.ScheduleConservativeness, "above 0, at most 100", "Use 1, the engine's default; 0.3 where requests stop long before their limits.");
        list.Known("scheduler.schedule_policy", knobs.SchedulePolicy);
        list.Require(!knobs.EnablePriorityScheduling || knobs.SchedulePolicy is SglangPolicy.Fcfs or SglangPolicy.Lof,
            "scheduler.schedule_policy", $"{knobs.SchedulePolicy}".ToLowerInvariant(), "fcfs or lof, to use priority scheduling",
            "Change it, or leave enable_priority_scheduling out.");
    }

    /// <summary>Most prompt tokens of a prefill step by default.</summary>
    internal static int ChunkOn(GpuSpec gpu) => (gpu.MemoryBytes / Mebi) switch
    {
        < 35 * 1024 => 2048,
        < 60 * 1024 => 4096,
        < 160 * 1024 => 8192,
        _ => 16384,
    };

    /// <summary>
    /// Share of the GPU's memory for weights and KV cache by default: metadata, activations of a prefill step, CUDA graphs and something
    /// for each GPU are left out, on large GPUs at least 10 GiB.
    /// </summary>
    internal static double MemFractionOn(GpuSpec gpu, int gpus, int chunk, int tensorParallel)
    {
        double mebibytes = gpu.MemoryBytes / Mebi;
        double reserved = 512 + (1.5 * Math.Max(chunk, 2048)) + (2 * MostInGraph(mebibytes, tensorParallel)) + (gpus / 8.0 * 1024);
        reserved = mebibytes > 60 * 1024 ? Math.Max(reserved, 10 * 1024) : reserved;
        return Math.Round((mebibytes - reserved) / mebibytes, 3);
    }

    // The largest decode batch for which CUDA graphs are captured.
    private static int MostInGraph(double mebibytes, int tensorParallel) => mebibytes switch
    {
        < 20 * 1024 => 8,
        < 35 * 1024 => tensorParallel < 4 ? 24 : 80,
        < 60 * 1024 => tensorParallel < 4 ? 32 : 160,
        < 160 * 1024 => tensorParallel < 4 ? 256 : 512,
        _ => 512,
    };

    private static SglangEngine? Parse(string? release)
    {
        if (release is null)
        {
            return Newest;
        }

        int post = release.IndexOf(".post", StringComparison.Ordinal);
        return Version.TryParse((post < 0 ? release : release[..post]).TrimStart('v'), out Version? given)
            && given is { Major: 0, Build: >= 0, Revision: -1 }
                ? new SglangEngine(given.Minor, given.Build)
                : null;
    }
}
