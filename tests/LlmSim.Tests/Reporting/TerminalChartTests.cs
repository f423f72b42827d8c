using LlmSim.Reporting;

namespace LlmSim.Tests.Reporting;

/// <summary>Charts in characters.</summary>
public sealed class TerminalChartTests
{
    [Fact]
    public void A_straight_line_goes_from_corner_to_corner()
    {
        var chart = new TerminalChart("ms", "req/s") { Points = [(0, 0), (10, 100)] };
        IReadOnlyList<string> lines = chart.Lines(60);
        Assert.Equal(10, lines.Count);
        Assert.Equal("ms", lines[0]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 60));
        Assert.StartsWith("      100 ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("        0 ", lines[8], StringComparison.Ordinal);
        Assert.Equal("          0" + "10 req/s".PadLeft(49), lines[9]);

        // Each row's dots lie to the right of those of the row below.
        int[] first = [.. lines.Skip(1).Take(8).Select(line => line.IndexOf(line.Skip(10).First(c => c > 0x2800), 10))];
        Assert.Equal(first.OrderDescending(), first);
        Assert.Equal(10, first[^1]);
    }

    [Fact]
    public void A_bound_is_drawn_where_it_lies_and_logarithms_are_even()
    {
        var chart = new TerminalChart("ms", "req/s") { Points = [(1, 1), (2, 1000)], Bound = 31.6, IsLog = true };
        string[] lines = [.. chart.Lines(80)];
        Assert.InRange(Array.FindIndex(lines, line => line.Contains('╌')), 4, 5);
        Assert.Contains("31.6 ", lines[Array.FindIndex(lines, line => line.Contains('╌'))], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(39)]
    [InlineData(0)]
    public void Where_there_is_no_room_nothing_is_drawn(int columns) =>
        Assert.Empty(new TerminalChart("ms", "req/s") { Points = [(0, 1), (10, 100)] }.Lines(columns));

    [Fact]
    public void Without_points_or_room_between_them_nothing_is_drawn()
    {
        Assert.Empty(new TerminalChart("", "") { Points = [] }.Lines(80));
        Assert.Empty(new TerminalChart("", "") { Points = [(1, 1)] }.Lines(80));
        Assert.Empty(new TerminalChart("", "") { Points = [(1, 1), (1, 2)] }.Lines(80));
        Assert.Empty(new TerminalChart("", "") { Points = [(1, 0), (2, 0)] }.Lines(80));
        Assert.Empty(new TerminalChart("", "") { Points = [(1, 0), (2, 5)], IsLog = true }.Lines(80));
    }

    [Fact]
    public void Wide_terminals_get_no_more_than_80_columns() =>
        Assert.All(new TerminalChart("ms", "req/s") { Points = [(0, 1), (10, 100)] }.Lines(300), line => Assert.InRange(line.Length, 0, 80));
}
