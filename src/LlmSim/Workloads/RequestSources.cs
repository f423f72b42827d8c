using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Turns a described workload into its requests.</summary>
public static class RequestSources
{
    /// <summary>The requests of a workload: the same for the same workload and seed, on any machine.</summary>
    /// <param name="workload">What to send.</param>
    /// <param name="seed">Seed of every random stream; a trace does not use it.</param>
    /// <exception cref="ConfigException">
    /// Values are out of range, or the trace file cannot be read or is of no known format. What is wrong in a row of a trace
    /// is thrown when that row's turn comes.
    /// </exception>
    public static RequestSource Create(WorkloadSpec workload, ulong seed)
    {
        List<ConfigProblem> problems = WorkloadChecks.Problems(workload);
        return problems.Count > 0 ? throw new ConfigException(problems)
            : workload.Trace is null ? new SyntheticSource(workload, seed)
            : new TraceSource(workload);
    }
}
