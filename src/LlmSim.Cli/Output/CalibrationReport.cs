using LlmSim.Calibration;
using LlmSim.Calibration.Tables;

namespace LlmSim.Cli.Output;

/// <summary>How well a profile was fitted.</summary>
internal static class CalibrationReport
{
    /// <summary>Prints a line for each kernel family, and for each part of its shapes if wanted.</summary>
    public static void Write(TextWriter output, KernelProfile profile, bool withRegions)
    {
        var table = Screen.Table("family", ">rows", ">left out", ">impossible", ">error", ">median", "measured");
        foreach ((string name, FitQuality quality) in KernelFamilies.Of(profile))
        {
            table.Add(name, $"{quality.Rows}", $"{quality.LeftOut}", $"{quality.Impossible}", $"{quality.HeldOutError:0.0%}", $"{quality.HeldOutMedian:0.0%}",
                quality.Measured);
        }

        Screen.Write(output, table);
        if (withRegions)
        {
            output.WriteLine();
            WriteRegions(output, profile);
        }

    }

    /// <summary>Prints what the columns are.</summary>
    public static void WriteLegend(TextWriter output)
    {
        output.WriteLine("Errors are means and medians of |predicted / measured - 1| on shapes that the fit did not see. Left out: read from a warm cache,");
        output.WriteLine("or impossible, faster than the GPU can be.");
    }

    private static void WriteRegions(TextWriter output, KernelProfile profile)
    {
        var table = Screen.Table("family", "shapes", ">unseen rows", ">error", ">median", ">bias");
        foreach ((string name, FitQuality quality) in KernelFamilies.Of(profile))
        {
            string family = name;
            foreach (var region in quality.Errors.GroupBy(error => error.Region).OrderBy(region => Regions.Order(region.Key), StringComparer.Ordinal))
            {
                ErrorSummary error = ErrorSummary.Of([.. region]);
                table.Add(family, region.Key, $"{error.Rows}", $"{error.Mean:0.0%}", $"{error.Median:0.0%}", Screen.Signed(error.Bias));
                family = "";
            }
        }

        Screen.Write(output, table);
    }
}
