using System.Globalization;
using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>A part of a sweep: every <paramref name="Count"/>-th point, so that parts take about as long as each other.</summary>
/// <param name="Number">Which part, counted from 1.</param>
/// <param name="Count">How many parts there are.</param>
internal readonly record struct Shard(int Number, int Count)
{
    private const int Most = 10_000;

    /// <summary>The whole sweep.</summary>
    public static Shard Whole => new(1, 1);

    /// <summary>How many points of a sweep it has.</summary>
    /// <param name="points">Points of the sweep.</param>
    public long Points(long points) => (points - Number + Count) / Count;

    /// <summary>One of its points.</summary>
    /// <param name="index">Which of its own, counted from 0.</param>
    public long Point(long index) => index * Count + Number - 1;

    /// <summary>Which of its own a point is; null for a point of another part.</summary>
    public long? IndexOf(long point) => point % Count == Number - 1 ? point / Count : null;

    /// <inheritdoc />
    public override string ToString() => $"{Number}/{Count}";

    /// <summary>Reads a part such as <c>2/8</c>.</summary>
    /// <param name="field">The flag, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigException">It cannot be read or is out of range.</exception>
    public static Shard Parse(string field, string text)
    {
        string[] parts = text.Split('/');
        return parts.Length == 2 && TryParse(parts[0], out int number) && TryParse(parts[1], out int count) && number <= count
            ? new Shard(number, count)
            : throw new ConfigException(new ConfigProblem(field, text.Length == 0 ? "nothing" : text, $"a part and the number of parts, from 1/1 to {Most}/{Most}",
                $"Write {field} 1/4, 2/4, 3/4 and 4/4 for the four parts of a sweep."));
    }

    private static bool TryParse(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= Most;
}
