namespace LlmSim.Specs.Engines;

/// <summary>A release of SGLang: <c>sglang@0.5.5</c> or <c>sglang@0.5.6</c>. Post releases (0.5.6.post1) count with theirs.</summary>
/// <param name="Minor">Second part of the version; the first is 0.</param>
/// <param name="Patch">Third part.</param>
public sealed record SglangEngine(int Minor, int Patch) : EngineSpec
{
    /// <summary>The first release known.</summary>
    public static SglangEngine Oldest { get; } = new(5, 5);

    /// <summary>The last release known.</summary>
    public static SglangEngine Newest { get; } = new(5, 6);

    internal static EngineFamily Engines { get; } = new("sglang")
    {
        Written = $"{Oldest.Release}, {Newest.Release}",
        Reproduces = "nothing yet",
        Checked = "-",
        Read = Parse,
        Lacks = ["max_num_batched_tokens"],
        Instead = new Dictionary<string, string>
        {
            ["long_prefill_token_threshold"] = "chunked_prefill_size",
            ["enable_chunked_prefill"] = "chunked_prefill_size",
            ["max_num_batched_tokens"] = "chunked_prefill_size",
        },
    };

    /// <inheritdoc />
    public override string Release => $"0.{Minor}.{Patch}";

    /// <inheritdoc />
    public override bool IsKnown => this == Oldest || this == Newest;

    /// <inheritdoc />
    internal override EngineFamily Family => Engines;

    /// <inheritdoc />
    internal override bool IsBuilt => false;

    /// <inheritdoc />
    internal override int SeatsOn(GpuSpec gpu) => 2048;

    /// <inheritdoc />
    internal override int TokensOn(GpuSpec gpu, int seats, int maxModelLen, bool isChunked) => 8192;

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
