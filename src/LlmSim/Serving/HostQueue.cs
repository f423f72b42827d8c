namespace LlmSim.Serving;

/// <summary>A thread of the serving process that takes requests in turn: a single-server queue, exact by Lindley's recursion.</summary>
/// <param name="requestSeconds">Its time for a request, in seconds.</param>
/// <param name="tokenSeconds">And for each prompt token.</param>
internal sealed class HostQueue(double requestSeconds, double tokenSeconds)
{
    private readonly double _requestNs = requestSeconds * 1e9;
    private readonly double _tokenNs = tokenSeconds * 1e9;
    private long _freeAtNs;

    /// <summary>When the next request, which comes at <paramref name="arrivalNs"/>, is done.</summary>
    public long Serve(long arrivalNs, int tokens) =>
        _freeAtNs = Math.Max(_freeAtNs, arrivalNs) + (long)Math.Round(_requestNs + (_tokenNs * tokens));
}
