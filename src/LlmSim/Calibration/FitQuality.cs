using System.Text.Json.Serialization;

namespace LlmSim.Calibration;

/// <summary>What a kernel family was fitted on, and how well.</summary>
public sealed record FitQuality
{
    /// <summary>Engine and version whose kernels were measured, for example <c>vllm 0.24.0</c>.</summary>
    public required string Measured { get; init; }

    /// <summary>Rows used. At least 1.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows left out: faster than the GPU can be, or read from a warm cache.</summary>
    public int LeftOut { get; init; }

    /// <summary>Of these, rows that are faster than the GPU can be.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Impossible { get; init; }

    /// <summary>Mean of |predicted / measured − 1| on whole groups of shapes that the fit did not see.</summary>
    public double HeldOutError { get; init; }

    /// <summary>
    /// The same of whole layers in their shortest form, products by their own family included; null where none were timed.
    /// </summary>
    public double? LayerError { get; init; }

    /// <summary>Median of |predicted / measured − 1| on the groups held out.</summary>
    public double HeldOutMedian { get; init; }

    /// <summary>Root mean square of ln(predicted / measured) on the same, each at most 1.</summary>
    public double Spread { get; init; }

    /// <summary>
    /// How far the family as a whole is off on a model that the fit did not see: standard deviation of the mean ln(predicted / measured) of
    /// such groups, those that a layer has combined. Null in profiles that do not tell.
    /// </summary>
    public double? Bias { get; init; }

    /// <summary>Errors of the rows that <see cref="HeldOutError"/> is about, for reports; not kept with the profile.</summary>
    internal IReadOnlyList<RowError> Errors { get; init; } = [];

    /// <summary>Least and largest value of each quantity in the rows used, in words.</summary>
    public string Ranges { get; init; } = "";
}
