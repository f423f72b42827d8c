using LlmSim.Planning.Sweeps;
using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Runs a sweep and, on a terminal, shows how far it is and how long it will take once that is over half a second.</summary>
internal static class SweepProgress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.2);

    /// <summary>Runs the sweep to its end or until stopped.</summary>
    /// <param name="runner">The sweep.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="terminal">Where progress is shown if it is a terminal; null for nowhere.</param>
    /// <param name="stop">Stops it early.</param>
    /// <returns>Whether all runs have ended.</returns>
    /// <exception cref="Specs.ConfigException">A file cannot be read or written.</exception>
    public static bool Run(SweepRunner runner, int threads, TextWriter? terminal, CancellationToken stop)
    {
        if (terminal is null || terminal != Console.Error || Console.IsErrorRedirected)
        {
            return runner.Run(threads, stop);
        }

        Task<bool> run = Task.Run(() => runner.Run(threads, stop), CancellationToken.None);
        if (!Ended(run, Patience))
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
            console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => Follow(run, runner, context));
        }

        return run.GetAwaiter().GetResult();
    }

    private static void Follow(Task run, SweepRunner runner, ProgressContext context)
    {
        // What earlier starts have done says nothing of how fast this one is.
        long before = runner.Done;
        ProgressTask bar = context.AddTask("Simulating", maxValue: Math.Max(1, runner.Runs - before));
        do
        {
            bar.Description = $"{runner.Done:N0} of {runner.Runs:N0} runs";
            bar.Value = runner.Done - before;
        }
        while (!Ended(run, Refresh));
    }

    private static bool Ended(Task run, TimeSpan patience) => ((IAsyncResult)run).AsyncWaitHandle.WaitOne(patience);
}
