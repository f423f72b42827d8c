using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Where a file of lengths keeps them.</summary>
/// <param name="Count">Columns in the file.</param>
/// <param name="Lengths">Name and index of each column of lengths: one, or prompt and output.</param>
/// <param name="Weight">Index of the column of weights; −1 when there is none.</param>
internal sealed record LengthColumns(int Count, (string Name, int Index)[] Lengths, int Weight)
{
    /// <summary>The columns that a header names, in any order, letter case and company.</summary>
    /// <exception cref="ConfigException">It names none of the known ones.</exception>
    public static LengthColumns Find(string path, long line, string[] header, string[][] known, string weight)
    {
        string[]? names = known.FirstOrDefault(set => set.All(name => IndexOf(header, name) >= 0));
        return names is not null
            ? new LengthColumns(header.Length, [.. names.Select(name => (name, IndexOf(header, name)))], IndexOf(header, weight))
            : throw new ConfigException(new ConfigProblem(
                $"{path}:{line} header", $"'{string.Join(',', header)}'",
                string.Join(" or ", known.Select(set => string.Join(',', set))) + $", perhaps with {weight}",
                "Rename the columns; other columns may stay."));
    }

    /// <summary>The columns of a file without a header: the lengths, then perhaps the weight.</summary>
    /// <exception cref="ConfigException">There are too few or too many.</exception>
    public static LengthColumns ByPosition(string path, long line, int count, string[] names, string weight) =>
        count == names.Length || count == names.Length + 1
            ? new LengthColumns(count, [.. names.Index().Select(n => (n.Item, n.Index))], count > names.Length ? names.Length : -1)
            : throw new ConfigException(new ConfigProblem(
                $"{path}:{line}", $"{count} fields", $"{string.Join(',', names)}[,{weight}]", "Add a header that names the columns."));

    private static int IndexOf(string[] header, string name) =>
        Array.FindIndex(header, field => field.Equals(name, StringComparison.OrdinalIgnoreCase));
}
