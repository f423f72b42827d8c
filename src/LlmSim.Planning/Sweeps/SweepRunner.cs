using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>Simulates the points of a sweep that its journal does not have yet, on several threads.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="shard">Which part of it.</param>
/// <param name="journal">Takes each run as it ends.</param>
internal sealed class SweepRunner(SweepSpec sweep, Shard shard, SweepJournal journal)
{
    private long _next = -1;

    /// <summary>Runs that have ended, those of earlier starts included; may be read from another thread.</summary>
    public long Done => journal.Done;

    /// <summary>Runs in all.</summary>
    public long Runs => journal.Runs;

    /// <summary>Simulates. What comes out does not depend on the number of threads.</summary>
    /// <param name="threads">How many threads. At least 1.</param>
    /// <param name="stop">Stops early; runs under way are dropped.</param>
    /// <returns>Whether all runs have ended.</returns>
    /// <exception cref="ConfigException">A file cannot be read or written; what has ended before is kept.</exception>
    public bool Run(int threads, CancellationToken stop)
    {
        using var stopAll = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] workers = [.. Enumerable.Range(0, (int)Math.Min(threads, Math.Max(1, Runs))).Select(_ =>
            Task.Factory.StartNew(() => Work(stopAll), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        try
        {
            Task.WaitAll(workers, CancellationToken.None);
        }
        catch (AggregateException e)
        {
            // Threads may fail of one cause; an unreadable file is told before anything else.
            throw e.InnerExceptions.OfType<ConfigException>().FirstOrDefault() ?? e.InnerExceptions[0];
        }

        return Done == Runs;
    }

    private void Work(CancellationTokenSource stop)
    {
        try
        {
            var runner = new PointRunner(sweep);
            for (long index = Interlocked.Increment(ref _next); index < Runs && !stop.IsCancellationRequested; index = Interlocked.Increment(ref _next))
            {
                if (!journal.Has(index) && runner.Run(shard.Point(index), stop.Token) is { } row)
                {
                    journal.Append(row);
                }
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }
}
