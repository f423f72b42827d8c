using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Does work and, on a terminal, shows how far it is once it takes over half a second.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.1);

    /// <summary>Does work whose end nobody knows, and shows what it is at.</summary>
    /// <param name="work">The work.</param>
    /// <param name="terminal">Where that is shown if it is a terminal; null for nowhere.</param>
    /// <param name="state">What it is at; called from another thread.</param>
    public static T For<T>(Func<T> work, TextWriter? terminal, Func<string> state) => Do(work, terminal, (console, goesOn) =>
        console.Status().Start(Markup.Escape(state()), context =>
        {
            do
            {
                context.Status(Markup.Escape(state()));
            }
            while (goesOn());
        }));

    /// <summary>Does work that can be counted, and shows a bar.</summary>
    /// <param name="work">The work.</param>
    /// <param name="terminal">Where it is shown if it is a terminal; null for nowhere.</param>
    /// <param name="begin">Sets the bar up.</param>
    /// <param name="update">Brings it up to date; called from another thread.</param>
    public static T For<T>(Func<T> work, TextWriter? terminal, Action<ProgressTask> begin, Action<ProgressTask> update) => Do(work, terminal, (console, goesOn) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("Simulating");
                begin(bar);
                do
                {
                    update(bar);
                }
                while (goesOn());
            }));

    private static T Do<T>(Func<T> work, TextWriter? terminal, Action<IAnsiConsole, Func<bool>> show)
    {
        if (terminal is null || terminal != Console.Error || Console.IsErrorRedirected)
        {
            return work();
        }

        Task<T> run = Task.Run(work);
        if (!Ended(run, Patience))
        {
            show(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) }), () => !Ended(run, Refresh));
        }

        return run.GetAwaiter().GetResult();
    }

    private static bool Ended(Task run, TimeSpan patience) => ((IAsyncResult)run).AsyncWaitHandle.WaitOne(patience);
}
