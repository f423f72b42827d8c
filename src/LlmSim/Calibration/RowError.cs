namespace LlmSim.Calibration;

/// <summary>How far a prediction is from a measured row.</summary>
/// <param name="Group">Rows of shapes alike.</param>
/// <param name="Region">The part of all shapes.</param>
/// <param name="LogRatio">ln(predicted / measured).</param>
internal readonly record struct RowError(string Group, string Region, double LogRatio);
