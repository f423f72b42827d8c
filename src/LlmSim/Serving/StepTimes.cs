namespace LlmSim.Serving;

/// <summary>Times of one step, in quanta of 2⁻²⁰ ns. Without a pipeline all three are its duration.</summary>
/// <param name="Busy">Time that GPUs are busy with it, summed over the pipeline stages.</param>
/// <param name="Gap">Time since the last tokens of its decoding sequences came out.</param>
/// <param name="Span">What it adds to the time in which any step is in flight.</param>
internal readonly record struct StepTimes(long Busy, long Gap, long Span);
