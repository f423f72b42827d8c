namespace LlmSim.Workloads;

/// <summary>A constant rate in requests per second, above 0; infinite means no time passes.</summary>
internal sealed class SteadyClock(double ratePerSecond) : RateClock
{
    private readonly double _meanGapNs = Second / ratePerSecond;

    /// <inheritdoc />
    public override long Advance(double requests) => Move(requests * _meanGapNs);
}
