namespace LlmSim.Metrics;

/// <summary>What keeps a deployment from serving more.</summary>
public enum BottleneckKind
{
    /// <summary>Nothing finished: there is nothing to judge.</summary>
    Unknown,

    /// <summary>Nothing: requests hardly wait.</summary>
    LightLoad,

    /// <summary>Room for KV blocks.</summary>
    KvMemory,

    /// <summary>The most sequences that may run at once.</summary>
    BatchLimit,

    /// <summary>Static or dynamic batches: requests wait for theirs to start.</summary>
    Batching,

    /// <summary>The time that steps take.</summary>
    StepTime,

    /// <summary>The time that steps take, but only while bursts last: on average the GPU has time to spare.</summary>
    Bursts,
}
