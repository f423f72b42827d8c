namespace LlmSim.Calibration.Tables;

/// <summary>Names of parts of a range.</summary>
internal static class Regions
{
    private const string UpTo = "to";
    private const string Above = "above";

    /// <summary>The part that a value is in: up to one of the limits, or above the last.</summary>
    public static string Of(string what, double value, params ReadOnlySpan<int> limits)
    {
        foreach (int limit in limits)
        {
            if (value <= limit)
            {
                return $"{what} {UpTo} {limit}";
            }
        }

        return $"{what} {Above} {limits[^1]}";
    }

    /// <summary>What names are sorted by, so that parts rise.</summary>
    public static string Order(string name) => string.Join(' ', name.Replace(",", "", StringComparison.Ordinal).Split(' ')
        .Select(word => word switch
        {
            UpTo => "0",
            Above => "1",
            _ when int.TryParse(word, out int limit) => $"{limit:D9}",
            _ => word,
        }));
}
