using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>Does work whose end nobody knows and, on a terminal, says what it is at once it takes over half a second.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(0.1);

    /// <summary>Does the work.</summary>
    /// <param name="work">The work.</param>
    /// <param name="state">What it is at; called from another thread.</param>
    /// <param name="terminal">Where that is shown if it is a terminal.</param>
    public static T For<T>(Func<T> work, Func<string> state, TextWriter terminal)
    {
        if (terminal != Console.Error || Console.IsErrorRedirected)
        {
            return work();
        }

        Task<T> run = Task.Run(work);
        if (!Ended(run, Patience))
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal) });
            console.Status().Start(Markup.Escape(state()), context =>
            {
                do
                {
                    context.Status(Markup.Escape(state()));
                }
                while (!Ended(run, Refresh));
            });
        }

        return run.GetAwaiter().GetResult();
    }

    private static bool Ended(Task run, TimeSpan patience) => ((IAsyncResult)run).AsyncWaitHandle.WaitOne(patience);
}
