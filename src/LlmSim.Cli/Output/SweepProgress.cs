using LlmSim.Planning.Sweeps;

namespace LlmSim.Cli.Output;

/// <summary>Runs a sweep and shows how far it is and how long it will take.</summary>
internal static class SweepProgress
{
    /// <summary>Runs the sweep to its end or until stopped.</summary>
    /// <param name="runner">The sweep.</param>
    /// <param name="threads">How many threads.</param>
    /// <param name="terminal">Where progress is shown if it is a terminal; null for nowhere.</param>
    /// <param name="stop">Stops it early.</param>
    /// <returns>Whether all runs have ended.</returns>
    /// <exception cref="Specs.ConfigException">A file cannot be read or written.</exception>
    public static bool Run(SweepRunner runner, int threads, TextWriter? terminal, CancellationToken stop)
    {
        // What earlier starts have done says nothing of how fast this one is.
        long before = 0;
        return Waiting.For(
            () => runner.Run(threads, stop), terminal,
            bar =>
            {
                before = runner.Done;
                bar.MaxValue = Math.Max(1, runner.Runs - before);
            },
            bar =>
            {
                bar.Description = $"{runner.Done:N0} of {runner.Runs:N0} runs";
                bar.Value = runner.Done - before;
            });
    }
}
