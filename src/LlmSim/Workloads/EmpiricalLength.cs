using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>The lengths of a file, cut to the range; in order of length, so that quantiles are those of the file.</summary>
internal sealed class EmpiricalLength : QuantileLength
{
    private readonly int[] _lengths;
    private readonly WeightedTable _table;

    /// <summary>Reads the file of a law.</summary>
    /// <exception cref="ConfigException">It cannot be read, or holds something that is not a length.</exception>
    public EmpiricalLength(RandomStream stream, LengthSpec spec)
        : base(stream, spec.Min, spec.Max)
    {
        LengthRows rows = LengthFile.ReadLengths(spec.Path!);
        int[] order = [.. Enumerable.Range(0, rows.Inputs.Count).OrderBy(row => rows.Inputs[row])];
        _lengths = [.. order.Select(row => rows.Inputs[row])];
        _table = new WeightedTable([.. order.Select(row => rows.Weights[row])]);
    }

    /// <inheritdoc />
    public override int Quantile(double probability) => Cut(_lengths[_table.Find(probability)]);
}
