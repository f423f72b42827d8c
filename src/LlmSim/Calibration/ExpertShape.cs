namespace LlmSim.Calibration;

/// <summary>What engines tune an expert kernel to.</summary>
/// <param name="Experts">Experts of the layer.</param>
/// <param name="Width">Their width on one GPU.</param>
public readonly record struct ExpertShape(int Experts, long Width);
