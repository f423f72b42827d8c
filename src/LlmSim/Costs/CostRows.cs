using LlmSim.Simulation;
using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Turns exact work into rows for people.</summary>
internal static class CostRows
{
    /// <summary>One row for each operator that takes time, in running order.</summary>
    public static IReadOnlyList<OperatorCost> Of(StepWork work) =>
        [.. Enum.GetValues<StepOperator>()
            .Where(op => work[op].Total > 0)
            .Select(op => new OperatorCost(op, work[op].Kernels, work[op].Flops, work[op].Bytes,
                Seconds(work[op].Total), Bound(work[op])))];

    /// <summary>Quanta as seconds.</summary>
    public static double Seconds(Int128 quanta) => (double)quanta / (1e9 * EngineClock.QuantaPerNanosecond);

    private static CostClass Bound(in OperatorWork work)
    {
        var most = (Time: work.Compute, Class: CostClass.Compute);
        if (work.Memory > most.Time)
        {
            most = (work.Memory, CostClass.Memory);
        }

        if (work.Communication > most.Time)
        {
            most = (work.Communication, CostClass.Communication);
        }

        return work.Latency > most.Time ? CostClass.Latency : most.Class;
    }
}
