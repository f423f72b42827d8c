using LlmSim.Metrics;

namespace LlmSim.Cli.Output;

/// <summary>Runs a simulation and shows how many requests have come.</summary>
internal static class RunProgress
{
    /// <summary>Runs the simulation to its end or until stopped.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="terminal">Where progress is shown if it is a terminal; null for nowhere.</param>
    /// <param name="stop">Stops it early.</param>
    public static SimulationMetrics Run(LlmInferenceSimulator simulator, TextWriter? terminal, CancellationToken stop) => Waiting.For(
        () => simulator.Run(stop), terminal,
        bar =>
        {
            bar.MaxValue = simulator.ExpectedRequests ?? 1;
            bar.IsIndeterminate = simulator.ExpectedRequests is null;
        },
        bar =>
        {
            long arrived = simulator.ArrivedRequests;
            bar.Description = $"{arrived:N0} requests";
            if (!bar.IsIndeterminate)
            {
                bar.Value = arrived;
            }
        });
}
