using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Pairs of prompt and output length from a file, each drawn anew with a probability in proportion to its weight.</summary>
internal sealed class DatasetLengths(LengthRows rows, RandomStream stream) : RequestShaper
{
    /// <summary>Name of the random stream that pairs are drawn from.</summary>
    public const string StreamName = "lengths/dataset";

    private readonly int[] _inputs = [.. rows.Inputs];
    private readonly int[] _outputs = [.. rows.Outputs];
    private readonly WeightedTable _table = new([.. rows.Weights]);

    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        int row = _table.Find(stream.NextOpenDouble());
        return new ArrivingRequest(arrival, _inputs[row], _outputs[row]);
    }
}
