namespace LlmSim.Specs.Engines;

/// <summary>
/// Batches that are put together and run to their end: <c>static</c> as FasterTransformer and Hugging Face's <c>generate</c> do it,
/// <c>dynamic</c> as Triton's dynamic batcher in front of them. Memory, seats and budget are those of the newest vLLM, so
/// <c>engine: static</c> is what <c>scheduler.batching: static</c> is without a release of vLLM.
/// </summary>
public sealed record BatchedEngine : EngineSpec
{
    private const string Reason = "nobody joins or leaves a batch that runs";

    private BatchedEngine(Batching batching) => Batching = batching;

    /// <summary>Static batches.</summary>
    public static BatchedEngine Static { get; } = new(Batching.Static);

    /// <summary>Dynamic batches.</summary>
    public static BatchedEngine Dynamic { get; } = new(Batching.Dynamic);

    internal static EngineFamily StaticEngines { get; } = FamilyOf("static", "batches that wait to be full, padded to the end", () => Static, "batch_size") with
    {
        Aliases = ["fastertransformer"],
        Instead = Reasons("batch_window", "it waits until a batch is full; engine dynamic has it"),
    };

    internal static EngineFamily DynamicEngines { get; } = FamilyOf("dynamic", "the same, started after a window at the latest", () => Dynamic, "batch_size", "batch_window") with
    {
        Aliases = ["triton"],
        Instead = Reasons(),
    };

    /// <inheritdoc />
    internal override EngineFamily Family => Batching == Batching.Static ? StaticEngines : DynamicEngines;

    /// <inheritdoc />
    internal override Batching Batching { get; }

    /// <inheritdoc />
    internal override bool HasNullBlock => Default.HasNullBlock;

    /// <inheritdoc />
    internal override bool IsAsyncByDefault => Default.IsAsyncByDefault;

    /// <inheritdoc />
    internal override bool HasAdmissionGate => Default.HasAdmissionGate;

    /// <inheritdoc />
    internal override double IngressSeconds => Default.IngressSeconds;

    /// <inheritdoc />
    internal override double StreamSecondsPerToken => Default.StreamSecondsPerToken;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => Default.SeatsOn(gpu);

    /// <inheritdoc />
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) =>
        Default.TokensOn(gpu, seats, maxModelLen, isChunked);

    private static EngineFamily FamilyOf(string name, string reproduces, Func<EngineSpec> engine, params string[] keys) => new(name)
    {
        Written = "no releases",
        Reproduces = reproduces,
        Checked = "a naive model, timelines by hand",
        Read = release => release is null ? engine() : null,
        Keys = [.. keys, "enable_chunked_prefill", "async_scheduling"],
    };

    private static Dictionary<string, string> Reasons(params string[] more)
    {
        var reasons = new Dictionary<string, string> { ["policy"] = Reason, ["preemption"] = Reason, ["swap_space_gib"] = Reason };
        for (int i = 0; i < more.Length; i += 2)
        {
            reasons[more[i]] = more[i + 1];
        }

        return reasons;
    }
}
