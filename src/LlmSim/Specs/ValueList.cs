using System.Collections;
using System.Runtime.CompilerServices;

namespace LlmSim.Specs;

/// <summary>A list that never changes and equals any other with equal items, so that records holding one stay values.</summary>
[CollectionBuilder(typeof(ValueListBuilder), nameof(ValueListBuilder.Create))]
public sealed class ValueList<T> : IReadOnlyList<T>, IEquatable<ValueList<T>>
{
    private readonly T[] _items;

    internal ValueList(ReadOnlySpan<T> items) => _items = items.ToArray();

    /// <summary>Number of items.</summary>
    public int Count => _items.Length;

    /// <summary>The item at a place, counted from 0.</summary>
    public T this[int index] => _items[index];

    /// <inheritdoc />
    public bool Equals(ValueList<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    /// <inheritdoc />
    public override int GetHashCode() => _items.Aggregate(Count, HashCode.Combine);

    /// <inheritdoc />
    public IEnumerator<T> GetEnumerator() => _items.AsEnumerable().GetEnumerator();

    /// <inheritdoc />
    public override string ToString() => $"[{string.Join(", ", _items)}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
