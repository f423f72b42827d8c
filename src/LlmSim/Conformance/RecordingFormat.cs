using System.Text.Json;
using LlmSim.Serving;
using LlmSim.Serving.Events;

namespace LlmSim.Conformance;

/// <summary>What is an engine's own in its recorded schedules: bounds, and the fields of a step.</summary>
internal abstract class RecordingFormat
{
    /// <summary>The format of an engine's recordings; null where the engine is not known.</summary>
    public static RecordingFormat? Of(string engine) => engine switch
    {
        "vllm" => new VllmFormat(),
        "sglang" => new SglangFormat(),
        _ => null,
    };

    /// <summary>The scheduler's bounds.</summary>
    /// <param name="config">The recording's <c>config</c>.</param>
    /// <param name="version">The engine's release.</param>
    /// <param name="priorities">The priorities of the classes that requests were put into.</param>
    public abstract EngineLimits Limits(JsonElement config, string version, int[] priorities);

    /// <summary>What the recording uses that is not modelled, in words.</summary>
    public abstract IEnumerable<string> NotModelled(JsonElement config, string version);

    /// <summary>Reads a step.</summary>
    public abstract RecordedStep Parse(JsonElement step);

    /// <summary>The decision that an engine of ours took, in the same form; null where recordings leave such decisions out.</summary>
    /// <param name="step">The decision.</param>
    /// <param name="ids">The recorded ids by the engine's own.</param>
    /// <param name="limits">The engine's bounds.</param>
    public abstract RecordedStep? Record(StepRecord step, IReadOnlyList<long> ids, EngineLimits limits);

    /// <summary>What the summary counts, from the steps: by the names it has there.</summary>
    public abstract IEnumerable<(string Name, long Value)> Counts(IReadOnlyList<RecordedStep> steps);

    /// <summary>The ids of a list.</summary>
    protected static List<long> Ids(JsonElement step, string name) =>
        step.TryGetProperty(name, out JsonElement ids) ? [.. ids.EnumerateArray().Select(id => id.GetInt64())] : [];

    /// <summary>Pairs of id and tokens from a list of lists.</summary>
    protected static List<(long Id, int Tokens)> Pairs(JsonElement step, string name) =>
        [.. step.GetProperty(name).EnumerateArray().Select(s => (s[0].GetInt64(), s[1].GetInt32()))];

    /// <summary>Pairs of id and tokens from an object, by id.</summary>
    protected static List<(long Id, int Tokens)> Mapped(JsonElement step, string name) =>
        step.TryGetProperty(name, out JsonElement pairs)
            ? [.. pairs.EnumerateObject().Select(p => (long.Parse(p.Name), p.Value.GetInt32())).Order()]
            : [];
}
