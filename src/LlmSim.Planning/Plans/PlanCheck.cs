using LlmSim.Metrics;
using LlmSim.Planning.Capacity;
using LlmSim.Planning.Objectives;
using LlmSim.Specs;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Planning.Plans;

/// <summary>Looks again at the deployment that a plan chose: with the model's errors drawn, and under more load.</summary>
internal static class PlanCheck
{
    private const double Precision = 0.05;

    /// <summary>Looks.</summary>
    /// <param name="config">The deployment.</param>
    /// <param name="goal">What it is to keep.</param>
    /// <param name="requests">The requests; null for those of the scenario.</param>
    /// <param name="options">How the plan is made.</param>
    /// <param name="cancellation">Stops between runs.</param>
    public static PlanSureness Of(SimulatorConfig config, ServiceGoal goal, KeptRequests? requests, PlanOptions options, CancellationToken cancellation)
    {
        bool judgesPace = config.Workload.Trace is null;
        DrawnRuns<bool> draws = DrawnRuns<bool>.Simulate(
            config, ModelErrors.Of(config, ServingResidual.Default), options.Uncertainty == UncertaintyMode.Full, IsKept, options.Threads, cancellation);
        return new PlanSureness(draws.Draws, draws.Count(kept => kept), Most(out string unit), unit);

        bool IsKept(SimulatorConfig drawn)
        {
            LlmInferenceSimulator simulator = new(drawn);
            SimulationStatistics statistics = (requests is null ? simulator : simulator.Serve(() => requests.Open())).RunPart(long.MaxValue, cancellation);
            cancellation.ThrowIfCancellationRequested();
            return goal.Judge(statistics, judgesPace).IsKept;
        }

        double? Most(out string counts)
        {
            counts = "";
            if (config.Workload.MaxConcurrency is not null || config.Workload.RateCurve is { IsRamp: true })
            {
                return null;
            }

            try
            {
                CapacityResult most = CapacitySearch.Run(config, goal,
                    new CapacityOptions { Precision = Precision, Uncertainty = UncertaintyMode.Off, Threads = options.Threads }, cancellation);
                counts = most.Unit;
                return most.RatePerSecond;
            }
            catch (UnmeetableException)
            {
                return null;
            }
        }
    }
}
