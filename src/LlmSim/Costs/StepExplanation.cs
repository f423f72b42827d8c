namespace LlmSim.Costs;

/// <summary>One step operator by operator.</summary>
/// <param name="Operators">A row for each operator that takes time, in running order.</param>
/// <param name="GpuSeconds">Their sum, over all pipeline stages.</param>
/// <param name="HostSeconds">CPU time of the engine for the step.</param>
/// <param name="StepSeconds">Duration of the step.</param>
/// <param name="HostOverlaps">True when the step takes the longer of GPU and host, false when it takes their
/// sum.</param>
/// <param name="StageSeconds">Duration in each pipeline stage; one entry without a pipeline.</param>
public sealed record StepExplanation(
    IReadOnlyList<OperatorCost> Operators, double GpuSeconds, double HostSeconds, double StepSeconds,
    bool HostOverlaps, IReadOnlyList<double> StageSeconds);
