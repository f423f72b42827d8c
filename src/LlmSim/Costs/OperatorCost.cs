namespace LlmSim.Costs;

/// <summary>Time that one operator took over a whole run.</summary>
/// <param name="Name">The operator, as <c>llmsim explain</c> names it.</param>
/// <param name="Seconds">Time in seconds. At least 0.</param>
/// <param name="Class">What bounds it.</param>
public sealed record OperatorCost(string Name, double Seconds, CostClass Class);
