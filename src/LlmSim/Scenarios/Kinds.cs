using System.Globalization;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>The kinds of value that scenarios are made of.</summary>
internal static class Kinds
{
    /// <summary>The word for "the default", besides <c>null</c>.</summary>
    public const string Auto = "auto";

    private const NumberStyles Whole = NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;

    public static ValueKind<int> Int { get; } = new ScalarKind<int>(
        "a whole number up to 2147483647", "Write a number such as 256, without quotes.", quotes: false,
        (text, out value) => int.TryParse(text, Whole, CultureInfo.InvariantCulture, out value),
        (writer, value) => writer.WriteNumberValue(value));

    public static ValueKind<long> Long { get; } = new ScalarKind<long>(
        "a whole number", "Write a number such as 1000, without quotes.", quotes: false,
        (text, out value) => long.TryParse(text, Whole, CultureInfo.InvariantCulture, out value),
        (writer, value) => writer.WriteNumberValue(value));

    public static ValueKind<ulong> Seed { get; } = new ScalarKind<ulong>(
        "a whole number from 0 to 18446744073709551615", "Write a number such as 42, without quotes.", quotes: false,
        (text, out value) => ulong.TryParse(text, Whole, CultureInfo.InvariantCulture, out value),
        (writer, value) => writer.WriteNumberValue(value));

    public static ValueKind<double> Double { get; } = new ScalarKind<double>(
        "a number", "Write a number such as 0.5 or 2e-3, without quotes.", quotes: false, TryParseDouble,
        (writer, value) => writer.WriteNumberValue(value));

    /// <summary>A number of requests per second; <c>inf</c> sends all at once, as load generators have it.</summary>
    public static ValueKind<double> Rate { get; } = OrInfinity(
        "a number of requests per second", "Write a number such as 2.5, or inf to send all at once.");

    /// <summary>The shape of a law of gaps; <c>inf</c> makes them equal.</summary>
    public static ValueKind<double> Burstiness { get; } = OrInfinity(
        "a number above 0", "Write a number such as 0.5, or inf for equal gaps.");

    public static ValueKind<bool> Bool { get; } = new ScalarKind<bool>(
        "true or false", "Write true or false, without quotes.", quotes: false,
        bool.TryParse, (writer, value) => writer.WriteBooleanValue(value));

    public static ValueKind<string> Text { get; } = new ScalarKind<string>(
        "text", "Write one line of text.", quotes: true,
        (text, out value) =>
        {
            value = text;
            return true;
        },
        (writer, value) => writer.WriteStringValue(value));

    /// <summary>A file, or none.</summary>
    public static ValueKind<string?> Path { get; } = new PathKind();

    /// <summary>Text, or none.</summary>
    public static ValueKind<string?> OptionalText { get; } = new OptionalReferenceKind<string>(Text, () => "");

    public static ValueKind<LengthSpec> Length { get; } = new LengthKind();

    public static ValueKind<DataType> DataType { get; } = new EnumKind<DataType>(DataTypeWords) { KeepWord = Auto };

    public static ValueKind<DataType?> KvType { get; } = new OptionalKind<DataType>(new EnumKind<DataType>(DataTypeWords));

    public static ValueKind<SglangPolicy> SglangPolicy { get; } = new EnumKind<SglangPolicy>(
        (Specs.SglangPolicy.Fcfs, "fcfs", []), (Specs.SglangPolicy.Lpm, "lpm", []), (Specs.SglangPolicy.Lof, "lof", []),
        (Specs.SglangPolicy.DfsWeight, "dfs_weight", []));

    public static ValueKind<ServingClock> Clock { get; } = new EnumKind<ServingClock>(
        (ServingClock.Client, "client", []), (ServingClock.Engine, "engine", ["server"]));

    public static ValueKind<ArrivalProcess> Arrival { get; } = new EnumKind<ArrivalProcess>(
        (ArrivalProcess.Poisson, "poisson", []), (ArrivalProcess.Deterministic, "deterministic", ["constant"]));

    public static ValueKind<RateCurve> RateCurve { get; } = new EnumKind<RateCurve>(
        (Specs.RateCurve.Linear, "linear", []),
        (Specs.RateCurve.Exponential, "exponential", []),
        (Specs.RateCurve.Diurnal, "diurnal", ["sinusoid"]),
        (Specs.RateCurve.Bursts, "bursts", ["on_off"]));

    public static ValueKind<BurstPeriods> BurstPeriods { get; } = new EnumKind<BurstPeriods>(
        (Specs.BurstPeriods.Exponential, "exponential", []), (Specs.BurstPeriods.Fixed, "fixed", []));

    public static ValueKind<LengthDistribution> LengthDistribution { get; } = new EnumKind<LengthDistribution>(
        (Specs.LengthDistribution.Fixed, "fixed", []),
        (Specs.LengthDistribution.Uniform, "uniform", []),
        (Specs.LengthDistribution.Lognormal, "lognormal", []),
        (Specs.LengthDistribution.Normal, "normal", ["gaussian"]),
        (Specs.LengthDistribution.Exponential, "exponential", []),
        (Specs.LengthDistribution.Zipf, "zipf", []),
        (Specs.LengthDistribution.Pareto, "pareto", []),
        (Specs.LengthDistribution.Empirical, "empirical", ["file"]));

    public static ValueKind<Batching> Batching { get; } = new EnumKind<Batching>(
        (Specs.Batching.Continuous, "continuous", ["inflight"]),
        (Specs.Batching.Static, "static", []),
        (Specs.Batching.Dynamic, "dynamic", []));

    public static ValueKind<SchedulingPolicy> Policy { get; } = new EnumKind<SchedulingPolicy>(
        (SchedulingPolicy.Fcfs, "fcfs", []), (SchedulingPolicy.Priority, "priority", []), (SchedulingPolicy.Sjf, "sjf", []),
        (SchedulingPolicy.Edf, "edf", []), (SchedulingPolicy.Fair, "fair", ["vtc"]));

    public static ValueKind<PreemptionMode> Preemption { get; } = new EnumKind<PreemptionMode>(
        (PreemptionMode.Recompute, "recompute", []), (PreemptionMode.Swap, "swap", []));

    public static ValueKind<CapacityPolicy> Capacity { get; } = new EnumKind<CapacityPolicy>(
        (CapacityPolicy.GuaranteedNoEvict, "guaranteed_no_evict", []), (CapacityPolicy.MaxUtilization, "max_utilization", []),
        (CapacityPolicy.StaticBatch, "static_batch", []));

    public static ValueKind<RoutingPolicy> Routing { get; } = new EnumKind<RoutingPolicy>(
        (RoutingPolicy.RoundRobin, "round_robin", []), (RoutingPolicy.LeastOutstanding, "least_outstanding", ["least_requests"]),
        (RoutingPolicy.LeastKv, "least_kv", []), (RoutingPolicy.PowerOfTwo, "power_of_two", ["p2c"]));

    public static ValueKind<UnchunkedAdmission> UnchunkedAdmission { get; } = new EnumKind<UnchunkedAdmission>(
        (Specs.UnchunkedAdmission.Stop, "stop", []), (Specs.UnchunkedAdmission.SkipReversed, "skip_reversed", []));

    /// <summary>The words of vLLM and of Hugging Face's <c>torch_dtype</c> beside our own.</summary>
    private static (DataType, string, string[])[] DataTypeWords =>
    [
        (Specs.DataType.Bf16, "bf16", ["bfloat16"]),
        (Specs.DataType.Fp16, "fp16", ["float16", "half"]),
        (Specs.DataType.Fp32, "fp32", ["float32", "float"]),
        (Specs.DataType.Fp8, "fp8", ["fp8_e4m3", "fp8_e5m2"]),
        (Specs.DataType.Int8, "int8", []),
        (Specs.DataType.Int4, "int4", ["gptq", "awq"]),
        (Specs.DataType.Mxfp4, "mxfp4", []),
    ];

    private static ScalarKind<double> OrInfinity(string allowed, string fix) => new(
        allowed, fix, quotes: true, TryParseDouble,
        (writer, value) =>
        {
            if (double.IsPositiveInfinity(value))
            {
                writer.WriteStringValue("inf"); // JSON has no number for it.
            }
            else
            {
                writer.WriteNumberValue(value);
            }
        });

    /// <summary>A number; the infinite and the not-a-number too, so that the rules can say what is allowed instead.</summary>
    public static bool TryParseDouble(string text, out double value)
    {
        switch (text.TrimStart('+').ToLowerInvariant())
        {
            case "inf" or ".inf" or "infinity":
                value = double.PositiveInfinity;
                return true;
            case "-inf" or "-.inf" or "-infinity":
                value = double.NegativeInfinity;
                return true;
            case "nan" or ".nan":
                value = double.NaN;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }
}
