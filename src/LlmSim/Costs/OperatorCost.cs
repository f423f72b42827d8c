using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Work and time of one operator on one GPU: a row of <c>llmsim explain</c> or of a run's breakdown.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Kernels">Kernels launched. QKᵀ and softmax·V of attention share theirs, with half of its fixed time
/// each.</param>
/// <param name="Flops">Floating-point operations.</param>
/// <param name="Bytes">Bytes moved in the GPU's memory; for collectives, over the link.</param>
/// <param name="Seconds">Time.</param>
/// <param name="BoundBy">What most of the time is spent on.</param>
public sealed record OperatorCost(
    StepOperator Operator, double Kernels, double Flops, double Bytes, double Seconds, CostClass BoundBy);
