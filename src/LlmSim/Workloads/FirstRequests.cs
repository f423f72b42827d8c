namespace LlmSim.Workloads;

/// <summary>The beginning of a source: so many requests, conversations counted with all their turns.</summary>
/// <param name="source">The source; disposed of with this one.</param>
/// <param name="count">How many requests. A conversation that begins is kept to its end.</param>
internal sealed class FirstRequests(RequestSource source, long count) : RequestSource
{
    /// <inheritdoc />
    public override IReadOnlyList<string> ClassNames => source.ClassNames;

    /// <inheritdoc />
    internal override bool HasSessions => source.HasSessions;

    /// <inheritdoc />
    public override bool TryNext(out ArrivingRequest request)
    {
        request = default;
        if (count <= 0 || !source.TryNext(out request))
        {
            return false;
        }

        count -= request.Session?.Turns ?? 1;
        return true;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        source.Dispose();
        base.Dispose(disposing);
    }
}
