namespace LlmSim.Reporting.Timeline;

/// <summary>What a request is doing.</summary>
internal enum RequestStage
{
    /// <summary>Its prompt waits for the tokeniser, or is in it.</summary>
    Tokenise,

    /// <summary>It waits to be scheduled, for the first time or again.</summary>
    Queued,

    /// <summary>It has a seat, and its prompt is being computed.</summary>
    Prefill,

    /// <summary>Its output is being computed.</summary>
    Decode,

    /// <summary>Nothing any more.</summary>
    Gone,
}
