namespace LlmSim.Uncertainty;

/// <summary>How the model's own error is carried through to the figures of a run.</summary>
public enum UncertaintyMode
{
    /// <summary>Part of the workload runs once for each draw of the errors; the whole run's figures take its relative changes.</summary>
    Fast,

    /// <summary>The whole workload runs for each draw, of which there are twice as many.</summary>
    Full,

    /// <summary>Not at all: figures have no intervals but those of run-to-run noise.</summary>
    Off,
}
