namespace LlmSim.Planning.Comparing;

/// <summary>A key of scenario files that has different values.</summary>
/// <param name="Key">The key, nested ones behind a dot.</param>
/// <param name="Values">Its value in each scenario, as files have it; <c>default</c> where none is set.</param>
internal sealed record KeyDifference(string Key, IReadOnlyList<string> Values)
{
    /// <summary>Whether it says what requests come.</summary>
    public bool IsOfWorkload => Key.StartsWith("workload.", StringComparison.Ordinal);
}
