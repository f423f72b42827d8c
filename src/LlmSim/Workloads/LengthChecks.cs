using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with laws of lengths.</summary>
internal static class LengthChecks
{
    private const int MostSigma = 10;
    private const int MostShape = 100;
    private const string Fix = "Give a length that a request can have.";

    /// <summary>Checks the lengths of a workload without a trace.</summary>
    public static void Check(ProblemList list, WorkloadSpec workload)
    {
        Check(list, "workload.input_len", workload.InputLength);
        Check(list, "workload.output_len", workload.OutputLength);
        bool isFixed = workload is
        {
            DatasetPath: null,
            InputLength.Distribution: LengthDistribution.Fixed,
            OutputLength.Distribution: LengthDistribution.Fixed,
        };
        list.Require(workload.RangeRatio is >= 0 and < 1, "workload.range_ratio", workload.RangeRatio, "from 0 to below 1",
            "Use 0 for lengths that are always the same.");
        list.Require(isFixed || workload.RangeRatio is not (> 0 and < 1), "workload.range_ratio", workload.RangeRatio,
            "0 unless both lengths are fixed numbers, which it spreads", "Remove it, or give input_len and output_len as numbers.");
        list.Require(workload.LengthCorrelation is >= -1 and <= 1, "workload.length_correlation", workload.LengthCorrelation,
            "from -1 to 1", "Give the rank correlation of prompt and output length; 0 for none.");
        list.Require(workload is { LengthCorrelation: 0 } or { DatasetPath: null }, "workload.length_correlation",
            workload.LengthCorrelation, "0 with a data set, whose pairs have their own", "Remove it, or the data set.");
        list.Require(workload.DatasetPath is not "", LengthFile.DatasetField, "an empty path", "the path of a file of lengths", "Name the file.");
    }

    /// <summary>Checks a law.</summary>
    public static void Check(ProblemList list, string field, LengthSpec length)
    {
        list.Known($"{field}.distribution", length.Distribution);
        list.Require(!length.HasMean || length.Mean is >= 1 and <= int.MaxValue, $"{field}.mean", length.Mean,
            "from 1 to 2147483647 tokens", Fix);
        if (length.Distribution == LengthDistribution.Lognormal)
        {
            list.Require(length.Sigma is >= 0 and <= MostSigma, $"{field}.sigma", length.Sigma, $"from 0 to {MostSigma}",
                "Give the standard deviation of the logarithm, usually 0.3 to 1.5.");
        }
        else if (length.HasSigma)
        {
            list.Require(length.Sigma is >= 0 and <= int.MaxValue, $"{field}.sigma", length.Sigma, "from 0 to 2147483647 tokens",
                "Give the standard deviation in tokens.");
        }

        if (length.HasShape)
        {
            bool isZipf = length.Distribution == LengthDistribution.Zipf;
            list.Require(length.Shape <= MostShape && (length.Shape > 0 || (isZipf && length.Shape == 0)), $"{field}.shape", length.Shape,
                $"{(isZipf ? "from 0" : "above 0,")} to {MostShape}", "Give the power that probability falls with, usually 1 to 3.");
        }

        list.Require(length.Distribution != LengthDistribution.Empirical || !string.IsNullOrEmpty(length.Path), $"{field}.path",
            "an empty path", "the path of a CSV file, plain or gzip", "Name the file of lengths.");
        if (length.Distribution != LengthDistribution.Fixed)
        {
            CheckRange(list, field, length);
        }
    }

    private static void CheckRange(ProblemList list, string field, LengthSpec length)
    {
        list.Require(length.Min >= 1, $"{field}.min", length.Min, "at least 1 token", Fix);
        list.Require(length.Max >= length.Min, $"{field}.max", length.Max, $"at least min, which is {length.Min}",
            "Exchange min and max, or raise max.");
        list.Require(length.Distribution != LengthDistribution.Zipf || (long)length.Max - length.Min < ZipfLength.MostLengths,
            $"{field}.max", length.Max, $"a range of at most {ZipfLength.MostLengths} lengths", "Lower max, or raise min.");
    }
}
