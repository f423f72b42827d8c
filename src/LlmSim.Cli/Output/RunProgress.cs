using LlmSim.Metrics;
using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Runs a simulation and, on a terminal, shows how far it is once it takes over half a second.</summary>
internal static class RunProgress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.1);

    /// <summary>Runs the simulation to its end or until stopped.</summary>
    /// <param name="simulator">The simulation.</param>
    /// <param name="terminal">Where progress is shown if it is a terminal; null for nowhere.</param>
    /// <param name="stop">Stops it early.</param>
    public static SimulationMetrics Run(LlmInferenceSimulator simulator, TextWriter? terminal, CancellationToken stop)
    {
        if (terminal is null || terminal != Console.Error || Console.IsErrorRedirected)
        {
            return simulator.Run(stop);
        }

        Task<SimulationMetrics> run = Task.Run(() => simulator.Run(stop), CancellationToken.None);
        if (!Ended(run, Patience))
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
            console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => Follow(run, simulator, context));
        }

        return run.GetAwaiter().GetResult();
    }

    private static void Follow(Task run, LlmInferenceSimulator simulator, ProgressContext context)
    {
        ProgressTask bar = context.AddTask("Simulating", maxValue: simulator.ExpectedRequests ?? 1);
        bar.IsIndeterminate = simulator.ExpectedRequests is null;
        do
        {
            long arrived = simulator.ArrivedRequests;
            bar.Description = $"{arrived:N0} requests";
            if (!bar.IsIndeterminate)
            {
                bar.Value = arrived;
            }
        }
        while (!Ended(run, Refresh));
    }

    private static bool Ended(Task run, TimeSpan patience) => ((IAsyncResult)run).AsyncWaitHandle.WaitOne(patience);
}
