using System.Diagnostics.CodeAnalysis;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>Things found by name or alias; case, dashes, underscores, dots and blanks do not count.</summary>
/// <param name="field">The scenario field that holds such a name, for error messages.</param>
/// <param name="entries">The things, in listing order, with their names and aliases.</param>
internal sealed class NamedCatalog<T>(string field, params (T Item, string Name, string[] Aliases)[] entries)
    where T : class
{
    private readonly Dictionary<string, T> _byKey = entries
        .SelectMany(entry => NamesOf(entry).Select(Key).Distinct().Select(key => (Key: key, entry.Item)))
        .ToDictionary(pair => pair.Key, pair => pair.Item, StringComparer.Ordinal);

    public IReadOnlyList<T> All { get; } = [.. entries.Select(entry => entry.Item)];

    public bool TryGet(string name, [NotNullWhen(true)] out T? item) => _byKey.TryGetValue(Key(name), out item);

    public T Get(string name) => TryGet(name, out T? item) ? item : throw new ConfigException(Unknown(name));

    /// <summary>Names close to an unknown one; an alias that is close stands for its name.</summary>
    public IReadOnlyList<string> Near(string name)
    {
        var known = entries.SelectMany(entry => NamesOf(entry).Select(alias => (Key: Key(alias), entry.Name))).ToList();
        return [.. NearNames.Find(Key(name), known.Select(pair => pair.Key), most: int.MaxValue)
            .Select(key => known.First(pair => pair.Key == key).Name)
            .Distinct(StringComparer.Ordinal)
            .Take(3)];
    }

    private ConfigProblem Unknown(string name)
    {
        var near = Near(name);
        string names = string.Join(", ", entries.Select(entry => entry.Name));
        return new ConfigProblem(field, $"'{name}'", $"known: {names}", near.Count > 0
            ? $"Did you mean {string.Join(" or ", near)}?"
            : "Use a known name, or describe it by its figures.");
    }

    private static IEnumerable<string> NamesOf((T Item, string Name, string[] Aliases) entry) =>
        entry.Aliases.Prepend(entry.Name);

    private static string Key(string name) =>
        string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c == '/').Select(char.ToLowerInvariant));
}
