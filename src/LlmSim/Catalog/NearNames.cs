namespace LlmSim.Catalog;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class NearNames
{
    /// <summary>
    /// The candidates nearest to <paramref name="given"/>, nearest first and in the given order among equals; only
    /// those within a third of the longer name's length in single-character edits. Case does not count.
    /// </summary>
    /// <param name="given">The unknown name.</param>
    /// <param name="candidates">The known names.</param>
    /// <param name="most">How many to return at most.</param>
    public static IReadOnlyList<string> Find(string given, IEnumerable<string> candidates, int most = 3) =>
        [.. candidates
            .Select(name => (Name: name, Edits: EditDistance(given, name)))
            .Where(near => 3 * near.Edits <= Math.Max(given.Length, near.Name.Length))
            .OrderBy(near => near.Edits)
            .Select(near => near.Name)
            .Distinct(StringComparer.Ordinal)
            .Take(most)];

    /// <summary>
    /// Characters to insert, delete or replace to turn one name into the other (Levenshtein), case ignored.
    /// </summary>
    public static int EditDistance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
