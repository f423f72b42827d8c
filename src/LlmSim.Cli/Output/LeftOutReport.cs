using LlmSim.Calibration.Fitting;

namespace LlmSim.Cli.Output;

/// <summary>How well GPUs are predicted by the profiles of others.</summary>
internal static class LeftOutReport
{
    /// <summary>Prints a line for each GPU and kernel family, and one for each family over all GPUs.</summary>
    public static void Write(TextWriter output, IReadOnlyList<LeftOutFamily> families)
    {
        var table = Screen.Table("GPU", "from", "family", ">rows", ">error", ">median", ">bias", ">by shape", ">own error", ">own bias");
        (string Gpu, string From) last = default;
        foreach (LeftOutFamily one in families)
        {
            bool isSame = last == (one.Gpu, one.From);
            last = (one.Gpu, one.From);
            table.Add(isSame ? "" : one.Gpu, isSame ? "" : one.From, one.Family, $"{one.Other.Rows}", $"{one.Other.Mean:0.0%}", $"{one.Other.Median:0.0%}",
                Screen.Signed(one.Other.Bias), $"{one.Other.GroupSpread:0.0%}",
                one.Own is { } own ? $"{own.Mean:0.0%}" : "-", one.Own is { } bias ? Screen.Signed(bias.Bias) : "-");
        }

        Screen.Write(output, table);
        output.WriteLine();
        output.WriteLine("Over GPUs, root mean square of the bias: of those predicted from the same architecture, and from another.");
        var sums = Screen.Table("family", ">GPUs", ">same", ">GPUs", ">other", ">error", ">own error");
        foreach (var family in families.GroupBy(one => one.Family))
        {
            LeftOutFamily[] same = [.. family.Where(one => one.IsSameArchitecture)];
            LeftOutFamily[] other = [.. family.Where(one => !one.IsSameArchitecture)];
            sums.Add(family.Key, $"{same.Length}", Spread(same), $"{other.Length}", Spread(other), $"{family.Average(one => one.Other.Mean):0.0%}",
                family.Any(one => one.Own is null) ? "-" : $"{family.Average(one => one.Own!.Mean):0.0%}");
        }

        Screen.Write(output, sums);
        output.WriteLine("Errors are means and medians of |predicted / measured - 1|, bias the mean of ln(predicted / measured), by shape its standard deviation");
        output.WriteLine("over groups of shapes; own are those of the GPU's own profile on the same rows, which it was fitted to.");
    }

    private static string Spread(LeftOutFamily[] families) =>
        families.Length == 0 ? "-" : $"{Math.Sqrt(families.Average(one => one.Other.Bias * one.Other.Bias)):0.0%}";
}
