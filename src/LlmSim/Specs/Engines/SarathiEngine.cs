namespace LlmSim.Specs.Engines;

/// <summary>
/// Sarathi-Serve (OSDI '24): each step has a budget of tokens; decodes come first, then the prompt that is half done, then new
/// requests. One behaviour.
/// </summary>
/// <remarks>Defaults as in the authors' code, <c>sarathi/config/config.py</c>.</remarks>
public sealed record SarathiEngine : EngineSpec
{
    internal static EngineFamily Engines { get; } = new("sarathi", "sarathi-serve")
    {
        Written = "no releases",
        Reproduces = "stall-free batching, chunked prefills",
        Checked = "paper and source; timelines by hand",
        Read = release => release is null ? new SarathiEngine() : null,
        Instead = new Dictionary<string, string>
        {
            ["enable_chunked_prefill"] = "it always splits prompts, by max_num_batched_tokens",
            ["long_prefill_token_threshold"] = "max_num_batched_tokens",
            ["reserve_full_isl"] = "it always takes the blocks of a whole prompt at once",
        },
    };

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override double GpuMemoryUtilization => 0.8;

    /// <summary>As in <c>sarathi/core/block_space_manager/base_block_space_manager.py</c>.</summary>
    internal override double Watermark => 0.01;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => 128;

    /// <inheritdoc />
    internal override KvReservation ReservationOf(SchedulerSpec given) => KvReservation.Prompt;

    /// <summary>The paper's chunks have 512 to 2048 tokens.</summary>
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) => 512;
}
