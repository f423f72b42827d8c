namespace LlmSim.Workloads;

/// <summary>Equal gaps; the first request comes at once, as with <see cref="DeterministicArrivals"/>.</summary>
internal sealed class EqualGaps : UnitGaps
{
    private double _next;

    /// <inheritdoc />
    public override double Next()
    {
        double gap = _next;
        _next = 1;
        return gap;
    }
}
