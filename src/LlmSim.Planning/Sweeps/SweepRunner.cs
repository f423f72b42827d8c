using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>Simulates the points of a sweep that its journal does not have yet, on several threads.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="shard">Which part of it.</param>
/// <param name="journal">Takes each run as it ends.</param>
internal sealed class SweepRunner(SweepSpec sweep, Shard shard, SweepJournal journal)
{
    // Of what is left a thread takes at most this part of its share, so that all end at about the same time.
    private const int Turns = 4;

    private readonly SweepOrder _order = new(sweep);
    private readonly Lock _lock = new();
    private long _next;

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
        threads = (int)Math.Min(threads, Math.Max(1, Runs));
        Task[] workers = [.. Enumerable.Range(0, threads).Select(_ =>
            Task.Factory.StartNew(() => Work(threads, stopAll), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
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

    private void Work(int threads, CancellationTokenSource stop)
    {
        try
        {
            var runner = new PointRunner(sweep);
            for ((long place, long end) = Take(threads); place < end && !stop.IsCancellationRequested; (place, end) = Take(threads))
            {
                for (; place < end && !stop.IsCancellationRequested; place++)
                {
                    long point = _order.Point(place);
                    if (shard.IndexOf(point) is { } index && !journal.Has(index) && runner.Run(point, stop.Token) is { } row)
                    {
                        journal.Append(row);
                    }
                }
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }

    /// <summary>The next places in the order for a thread, all with the same server; none when there are no more.</summary>
    private (long First, long End) Take(int threads)
    {
        lock (_lock)
        {
            long first = _next;
            long share = (sweep.Grid.Count - first) / (Turns * threads);
            _next = Math.Min(sweep.Grid.Count, first + Math.Clamp(share, 1, _order.Alike - (first % _order.Alike)));
            return (first, _next);
        }
    }
}
