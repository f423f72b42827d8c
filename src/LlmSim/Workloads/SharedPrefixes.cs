using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>The prefixes that prompts begin with: what they say is described once and shared by all requests.</summary>
internal sealed class SharedPrefixes
{
    /// <summary>Name of the random stream that chooses among them.</summary>
    public const string StreamName = "prefixes";

    private readonly PromptContent?[] _contents;
    private readonly long _firstSegment;
    private readonly PrefixSpec _spec;

    private SharedPrefixes(PrefixSpec spec, SegmentCounter segments)
    {
        _spec = spec;
        _contents = new PromptContent?[spec.Count];
        _firstSegment = segments.Take(spec.Count);
    }

    /// <summary>Tokens of each.</summary>
    public int Tokens => _spec.Tokens;

    /// <summary>What a prompt says that begins with this one, from 0.</summary>
    public PromptContent this[int index] => _contents[index] ??= new PromptContent([new ContentRun(_firstSegment + index, Tokens)]);

    /// <summary>The prefixes of a description in range; null when it describes none.</summary>
    public static SharedPrefixes? Create(PrefixSpec? spec, SegmentCounter segments) =>
        spec is { Tokens: > 0 } ? new SharedPrefixes(spec, segments) : null;

    /// <summary>Chooses among them by number from 1, with one draw from the stream; null when there is but one.</summary>
    public LengthSampler? Choice(ulong seed, string streamPrefix) => _spec.Count == 1 ? null : LengthSampler.Create(
        _spec.Skew == 0 ? LengthSpec.Uniform(1, _spec.Count) : LengthSpec.Zipf(_spec.Skew, 1, _spec.Count),
        new RandomStream(seed, streamPrefix + StreamName));
}
