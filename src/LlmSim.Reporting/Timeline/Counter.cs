namespace LlmSim.Reporting.Timeline;

/// <summary>A number that changes from time to time.</summary>
/// <param name="name">The name that viewers show.</param>
internal sealed class Counter(string name)
{
    /// <summary>The name that viewers show.</summary>
    public string Name { get; } = name;

    /// <summary>Its latest value.</summary>
    public long Value { get; private set; }

    /// <summary>Changes it.</summary>
    /// <param name="value">The new value.</param>
    /// <returns>Whether that is another one.</returns>
    public bool Set(long value)
    {
        bool changes = value != Value;
        Value = value;
        return changes;
    }
}
