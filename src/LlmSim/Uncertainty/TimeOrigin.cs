namespace LlmSim.Uncertainty;

/// <summary>How far times rest on measurements.</summary>
public enum TimeOrigin
{
    /// <summary>Fitted to measurements of this GPU.</summary>
    Calibrated,

    /// <summary>Fitted to measurements of another GPU, and scaled by the datasheets.</summary>
    Scaled,

    /// <summary>One constant for all GPUs.</summary>
    Assumed,
}
