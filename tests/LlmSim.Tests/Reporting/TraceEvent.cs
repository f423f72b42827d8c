using System.Text.Json;

namespace LlmSim.Tests.Reporting;

/// <summary>An event of a file in the Trace Event format, checked to have what its phase asks for. Times in nanoseconds.</summary>
internal sealed record TraceEvent(string Phase, string Name, string? Category, int Process, int Thread, long Start, long Length, long? Id, string? Args)
{
    public long End => Start + Length;

    /// <summary>Where a slice or a counter is drawn.</summary>
    public (int, int, string) Track => (Process, Thread, Phase == "C" ? Name : "");

    public static TraceEvent[] Read(byte[] file)
    {
        using JsonDocument json = JsonDocument.Parse(file);
        Assert.Equal("ms", json.RootElement.GetProperty("displayTimeUnit").GetString());
        return [.. json.RootElement.GetProperty("traceEvents").EnumerateArray().Select(One)];
    }

    private static TraceEvent One(JsonElement json)
    {
        string phase = json.GetProperty("ph").GetString()!;
        Assert.Contains(phase, new[] { "M", "X", "C", "b", "e", "n", "s", "f" });
        bool isTied = phase is "b" or "e" or "n" or "s" or "f";
        string? args = json.TryGetProperty("args", out JsonElement given) ? given.GetRawText() : null;
        Assert.True(args is not null || phase is not ("M" or "C"));
        Assert.Equal(phase == "f", json.TryGetProperty("bp", out _));
        return new TraceEvent(
            phase, json.GetProperty("name").GetString()!, isTied || phase == "X" ? json.GetProperty("cat").GetString() : null,
            json.GetProperty("pid").GetInt32(), json.GetProperty("tid").GetInt32(), Ns(json, "ts"), phase == "X" ? Ns(json, "dur") : 0,
            isTied ? json.GetProperty("id").GetInt64() : null, args);
    }

    // Exact: microseconds have at most three digits.
    private static long Ns(JsonElement json, string name)
    {
        decimal ns = json.GetProperty(name).GetDecimal() * 1000;
        Assert.Equal(decimal.Truncate(ns), ns);
        Assert.True(ns >= 0, $"{name} {ns}");
        return (long)ns;
    }
}
