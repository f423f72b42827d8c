using System.Globalization;

namespace LlmSim.Reporting;

/// <summary>Which percentiles reports give, and what they are called.</summary>
public static class Percentiles
{
    /// <summary>What every result file has.</summary>
    public static IReadOnlyList<double> InEveryResult { get; } = [50, 90, 95, 99];

    /// <summary>What the screen shows beside the median unless asked otherwise.</summary>
    public static IReadOnlyList<double> OnTheScreen { get; } = [90, 95, 99];

    /// <summary>The name of a percentile as <c>vllm bench serve</c> writes it: <c>p99</c>, <c>p99.9</c>.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public static string Name(double percent) => $"p{percent.ToString(CultureInfo.InvariantCulture)}";
}
