namespace LlmSim.Workloads;

/// <summary>A stream of requests in order of arrival, pulled one at a time so that memory does not grow with their number.</summary>
public abstract class RequestSource : IDisposable
{
    /// <summary>How many requests there will be, for progress; null when not known beforehand.</summary>
    public virtual long? ExpectedCount => null;

    /// <summary>Names of the classes by the index that requests carry; a trace that brings its own names them as they come.</summary>
    public virtual IReadOnlyList<string> ClassNames => [];

    /// <summary>Whether its requests may be first turns of conversations, whose other turns depend on answers.</summary>
    internal virtual bool HasSessions => false;

    /// <summary>Gives the next request; arrivals never go back. False when there is none left.</summary>
    /// <exception cref="Specs.ConfigException">A trace holds something that is not a request.</exception>
    public abstract bool TryNext(out ArrivingRequest request);

    /// <summary>Releases what the source holds, such as an open file.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the source holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
