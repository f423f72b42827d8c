namespace LlmSim.Serving.Sglang;

/// <summary>How a prefill attempt goes on after a request.</summary>
internal enum PrefillVerdict
{
    /// <summary>With the next one.</summary>
    Continue,

    /// <summary>Not at all, a budget of this step being used up.</summary>
    Stop,

    /// <summary>Not at all, and the running batch counts as full.</summary>
    NoMemory,
}
