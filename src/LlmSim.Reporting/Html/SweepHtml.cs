using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;

namespace LlmSim.Reporting.Html;

/// <summary>A sweep as a page: what was swept, a chart of the viewer's choice, and the runs.</summary>
internal static class SweepHtml
{
    /// <summary>Gives the page as UTF-8.</summary>
    public static byte[] ToUtf8(SweepHeader header, SweepSample sample, SweepTotals totals)
    {
        return [];
    }
}
