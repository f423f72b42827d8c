using LlmSim.Specs;

namespace LlmSim.Simulation;

/// <summary>Independent jobs on all cores, each with a place of its own for its result.</summary>
internal static class Jobs
{
    /// <summary>Does them; results do not depend on how many threads there are.</summary>
    /// <param name="count">How many jobs.</param>
    /// <param name="job">Does one; called from several threads at once.</param>
    /// <param name="threads">Most threads; −1 for as many as there are cores.</param>
    /// <param name="cancellation">Stops between jobs.</param>
    /// <exception cref="ConfigException">A job found something wrong with its scenario.</exception>
    /// <exception cref="OperationCanceledException">They were stopped.</exception>
    public static T[] Run<T>(int count, Func<int, T> job, int threads, CancellationToken cancellation)
    {
        var results = new T[count];
        try
        {
            Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads }, i => results[i] = job(i));
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.OfType<ConfigException>().FirstOrDefault() is { } problem)
        {
            throw new ConfigException(problem.Problems);
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.Any(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException(cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        return results;
    }
}
