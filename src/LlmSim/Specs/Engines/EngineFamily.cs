namespace LlmSim.Specs.Engines;

/// <summary>The engines of one name: how their releases are read, and which keys of <c>scheduler:</c> they have.</summary>
/// <param name="Name">The name as written.</param>
/// <param name="Aliases">Other names.</param>
internal sealed record EngineFamily(string Name, params string[] Aliases)
{
    private static readonly string[] Common =
    [
        "batching", "max_num_seqs", "max_num_batched_tokens", "max_model_len", "max_queued_requests", "gpu_memory_utilization", "block_size",
        "num_gpu_blocks_override",
    ];

    /// <summary>The engine of a release as written, null for the newest; null when it is not written as a release of this family.</summary>
    public required Func<string?, EngineSpec?> Read { get; init; }

    /// <summary>How its releases are written, for messages.</summary>
    public required string Written { get; init; }

    /// <summary>What is reproduced of it, in a few words.</summary>
    public required string Reproduces { get; init; }

    /// <summary>How that was checked, in a few words.</summary>
    public required string Checked { get; init; }

    /// <summary>The keys that it has besides those that all have.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Keys that it does not have, though most engines do.</summary>
    public IReadOnlyList<string> Lacks { get; init; } = [];

    /// <summary>What it has instead of keys that others have: another key, or a reason.</summary>
    public IReadOnlyDictionary<string, string> Instead { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it has a key of <c>scheduler:</c>.</summary>
    public bool Has(string key) => Keys.Contains(key) || (Common.Contains(key) && !Lacks.Contains(key));
}
