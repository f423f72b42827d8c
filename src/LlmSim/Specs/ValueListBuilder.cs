namespace LlmSim.Specs;

/// <summary>Makes lists, as collection expressions do.</summary>
public static class ValueListBuilder
{
    /// <summary>A list of these items.</summary>
    public static ValueList<T> Create<T>(ReadOnlySpan<T> items) => new(items);
}
