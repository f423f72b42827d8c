namespace LlmSim.Planning.Sweeps;

/// <summary>
/// The order in which points are simulated: those that differ in their requests alone follow each other, so that the times of kernels that one has worked out
/// serve the next. Results come in the order of points all the same.
/// </summary>
internal sealed class SweepOrder
{
    private static readonly string[] RequestFields = ["workload", "seed", "objectives", "price_per_gpu_hour"];

    private readonly SweepGrid _grid;

    // Dimensions with what a step on each is worth in places, the slowest first.
    private readonly (int Dimension, long Stride)[] _strides;

    /// <summary>Finds the order of a sweep.</summary>
    public SweepOrder(SweepSpec sweep)
    {
        _grid = sweep.Grid;
        _strides = new (int, long)[_grid.Dimensions];
        int[] fast = [.. Enumerable.Range(0, _grid.Dimensions).Where(dimension => sweep.Dimensions[dimension].All(IsOfRequests))];
        int[] slow = [.. Enumerable.Range(0, _grid.Dimensions).Except(fast)];
        foreach (int dimension in fast)
        {
            Alike *= _grid.Length(dimension);
        }

        long stride = 1;
        int[] order = [.. slow, .. fast];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            _strides[i] = (order[i], stride);
            stride *= _grid.Length(order[i]);
        }
    }

    /// <summary>How many points in a row, from every multiple of this on, differ in their requests alone.</summary>
    public long Alike { get; } = 1;

    /// <summary>The point whose turn it is.</summary>
    /// <param name="place">Its place in the order, counted from 0.</param>
    public long Point(long place)
    {
        Span<int> places = stackalloc int[_strides.Length];
        foreach ((int dimension, long stride) in _strides)
        {
            places[dimension] = (int)(place / stride % _grid.Length(dimension));
        }

        return _grid.Point(places);
    }

    private static bool IsOfRequests(SweepAxis axis) => RequestFields.Contains(axis.Path.Name.Split('.')[0]);
}
