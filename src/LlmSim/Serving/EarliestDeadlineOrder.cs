namespace LlmSim.Serving;

/// <summary>Earliest deadline first: arrival plus the time to first token that is asked for.</summary>
/// <param name="milliseconds">The classes' times to first token by index.</param>
/// <param name="others">That of any other class.</param>
internal sealed class EarliestDeadlineOrder(IReadOnlyList<double> milliseconds, double others) : AdmissionOrder
{
    private const double LongestNs = 1L << 61; // With any arrival that the simulator's time allows, this stays below 2⁶³.

    private readonly long[] _withinNs = [.. milliseconds.Select(Nanoseconds)];
    private readonly long _othersWithinNs = Nanoseconds(others);

    /// <inheritdoc />
    public override long Key(in WaitingRequest request) =>
        request.Arrival.Nanoseconds + (request.Class < _withinNs.Length ? _withinNs[request.Class] : _othersWithinNs);

    private static long Nanoseconds(double milliseconds) => (long)Math.Min(Math.Round(milliseconds * 1e6), LongestNs);
}
