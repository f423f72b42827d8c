using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Requests of several classes, each with lengths of its own, drawn with a probability that is its share.</summary>
internal sealed class ClassMix(double[] shares, RequestShaper[] shapers, RandomStream stream) : RequestShaper
{
    /// <summary>Name of the random stream that classes are drawn from.</summary>
    public const string StreamName = "classes";

    private readonly WeightedTable _table = new(shares);

    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        int index = _table.Find(stream.NextOpenDouble());
        return shapers[index].Next(arrival) with { Class = (byte)index };
    }
}
