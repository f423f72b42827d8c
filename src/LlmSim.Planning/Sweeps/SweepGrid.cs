namespace LlmSim.Planning.Sweeps;

/// <summary>The points of a sweep: every combination of the places on each of its dimensions, of which the last varies fastest.</summary>
/// <remarks>A dimension is an axis, or several axes that move together.</remarks>
internal sealed class SweepGrid
{
    private readonly int[] _lengths;
    private readonly long[] _strides;

    /// <summary>Crosses dimensions.</summary>
    /// <param name="lengths">Places on each. At least 1 each; their product fits 63 bits.</param>
    public SweepGrid(IEnumerable<int> lengths)
    {
        _lengths = [.. lengths];
        _strides = new long[_lengths.Length];
        for (int i = _lengths.Length - 1; i >= 0; i--)
        {
            _strides[i] = Count;
            Count *= _lengths[i];
        }
    }

    /// <summary>Number of points.</summary>
    public long Count { get; } = 1;

    /// <summary>Number of dimensions.</summary>
    public int Dimensions => _lengths.Length;

    /// <summary>Places on a dimension.</summary>
    public int Length(int dimension) => _lengths[dimension];

    /// <summary>A point's place on a dimension.</summary>
    /// <param name="point">The point, counted from 0.</param>
    /// <param name="dimension">The dimension, counted from 0.</param>
    public int At(long point, int dimension) => (int)(point / _strides[dimension] % _lengths[dimension]);

    /// <summary>The point at a place on each dimension.</summary>
    /// <param name="place">Gives the place on a dimension.</param>
    public long Point(Func<int, int> place) => Point([.. Enumerable.Range(0, Dimensions).Select(place)]);

    /// <summary>The point at a place on each dimension.</summary>
    /// <param name="places">The places, dimension by dimension.</param>
    public long Point(ReadOnlySpan<int> places)
    {
        long point = 0;
        for (int i = 0; i < _lengths.Length; i++)
        {
            point += places[i] * _strides[i];
        }

        return point;
    }
}
