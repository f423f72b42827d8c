namespace LlmSim.Validation;

/// <summary>How full the server was over time, measured against simulated at the same moments.</summary>
/// <param name="Measured">What was measured. At least one moment.</param>
/// <param name="Simulated">What was simulated at each.</param>
internal sealed record LoadComparison(IReadOnlyList<LoadPoint> Measured, IReadOnlyList<LoadPoint> Simulated)
{
    /// <summary>A level that is compared.</summary>
    /// <param name="Name">As it is called in files.</param>
    /// <param name="Label">As the screen calls it, with its unit.</param>
    /// <param name="Scale">Factor from what points hold to that unit.</param>
    /// <param name="Of">Its value.</param>
    public sealed record Level(string Name, string Label, double Scale, Func<LoadPoint, double?> Of);

    /// <summary>Those that are compared.</summary>
    public static IReadOnlyList<Level> Levels { get; } =
    [
        new("running", "running", 1, point => point.Running),
        new("waiting", "waiting", 1, point => point.Waiting),
        new("kv_use", "KV cache, %", 100, point => point.KvUse),
    ];

    /// <summary>Mean of what was measured; null when it was not.</summary>
    public double? MeanMeasured(Level level) => Mean(level, (measured, _) => measured);

    /// <summary>Mean of what was simulated at these moments; null when it was not measured.</summary>
    public double? MeanSimulated(Level level) => Mean(level, (_, simulated) => simulated);

    /// <summary>Mean absolute difference; null when it was not measured.</summary>
    public double? MeanDifference(Level level) => Mean(level, (measured, simulated) => Math.Abs(simulated - measured));

    private double? Mean(Level level, Func<double, double, double> of)
    {
        (double sum, int count) = (0, 0);
        for (int i = 0; i < Measured.Count; i++)
        {
            if (level.Of(Measured[i]) is { } measured && level.Of(Simulated[i]) is { } simulated)
            {
                sum += of(measured, simulated);
                count++;
            }
        }

        return count == 0 ? null : sum / count;
    }
}
