namespace LlmSim.Planning.Objectives;

/// <summary>A latency that an objective is about.</summary>
public enum LatencyMeasure
{
    /// <summary>TTFT: request sent to first token.</summary>
    FirstToken,

    /// <summary>TPOT: time per output token after the first, of each request.</summary>
    PerOutputToken,

    /// <summary>ITL: gaps between successive tokens, pooled over all requests.</summary>
    InterToken,

    /// <summary>E2EL: request sent to last token.</summary>
    EndToEnd,

    /// <summary>Time in the engine's queue before a request is first scheduled.</summary>
    Queue,
}
