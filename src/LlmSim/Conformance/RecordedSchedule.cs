using LlmSim.Serving;

namespace LlmSim.Conformance;

/// <summary>A schedule recorded from an engine's own scheduler code: what went in, and what it decided step by step.</summary>
internal sealed record RecordedSchedule
{
    /// <summary>Engine and version, for example <c>vllm 0.19.0</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The scheduler's bounds.</summary>
    public required EngineLimits Limits { get; init; }

    /// <summary>The mock clock that timed the steps.</summary>
    public required RecordedClock Clock { get; init; }

    /// <summary>Requests in the order they were delivered.</summary>
    public required IReadOnlyList<RecordedRequest> Requests { get; init; }

    /// <summary>The steps in order.</summary>
    public required IReadOnlyList<RecordedStep> Steps { get; init; }

    /// <summary>End of the step that produced the first token, in microseconds, by request.</summary>
    public required IReadOnlyDictionary<long, long> FirstTokenUs { get; init; }

    /// <summary>End of the step that produced the last token, in microseconds, by request.</summary>
    public required IReadOnlyDictionary<long, long> FinishUs { get; init; }

    /// <summary>What the summary counts, by the names it has there.</summary>
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>What is the engine's own in the file; null for an engine that is not known.</summary>
    public required RecordingFormat? Format { get; init; }

    /// <summary>What the schedule uses that is not modelled, in words; empty when all of it is.</summary>
    public required IReadOnlyList<string> NotModelled { get; init; }
}
