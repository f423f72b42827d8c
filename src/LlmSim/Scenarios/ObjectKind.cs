using System.Collections;
using System.Text.Json;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>Values that are objects with known keys, added in the order in which they are applied and written.</summary>
/// <param name="blank">What an object without <c>base</c> starts from; by default what the scenario holds so far.</param>
/// <param name="names">Names that may stand for the whole object, or be changed in part behind the key <c>base</c>.</param>
internal sealed class ObjectKind<T>(Func<T>? blank = null, NameBook<T>? names = null) : ValueKind<T>, IEnumerable
    where T : class
{
    private const string Base = "base";

    private readonly List<Key<T>> _keys = [];
    private readonly List<Key<T>> _others = [];

    /// <summary>Adds a key.</summary>
    /// <param name="name">The key as written.</param>
    /// <param name="kind">How its values are read and written.</param>
    /// <param name="get">Its value in an object.</param>
    /// <param name="set">The object with another value.</param>
    /// <param name="isRequired">Whether an object described from nothing must have it.</param>
    /// <param name="usedIf">When it means anything; by default always.</param>
    /// <param name="isOther">Whether it is another name for what a key before it says, which is read but not written.</param>
    public void Add<TValue>(string name, ValueKind<TValue> kind, Func<T, TValue> get, Func<T, TValue, T> set,
        bool isRequired = false, Func<T, bool>? usedIf = null, bool isOther = false) =>
        (isOther ? _others : _keys).Add(new TypedKey<T, TValue>(name, kind, get, set, isRequired, usedIf));

    IEnumerator IEnumerable.GetEnumerator() => _keys.GetEnumerator();

    public override T Read(ScenarioNode node, string field, T current, List<ConfigProblem> problems)
    {
        if (node.Text is not null && names is not null)
        {
            return Named(node, field, problems) ?? current;
        }

        if (node.IsNothing && blank is null)
        {
            return current; // A section whose keys are all commented out.
        }

        if (!node.IsObject)
        {
            string allowed = names is null ? "an object with keys" : $"a name or an object; known names: {AllNames()}";
            string fix = $"Known keys: {KnownKeys()}.";
            problems.Add(new ConfigProblem(field, node.Describe(), allowed, fix));
            return current;
        }

        T? start = blank is null ? current : blank();
        if (names is not null && node[Base] is { } based)
        {
            start = Named(based, Join(field, Base), problems);
        }
        else if (blank is not null)
        {
            RequireKeys(node, field, problems);
        }

        return ReadKeys(node, field, start ?? current, problems);
    }

    private T ReadKeys(ScenarioNode node, string field, T value, List<ConfigProblem> problems)
    {
        foreach ((string name, ScenarioNode child) in node.Children)
        {
            if (!HasKey(name))
            {
                problems.Add(Unknown(name, Join(field, name)));
            }
        }

        foreach (Key<T> key in _keys.Concat(_others))
        {
            if (node[key.Name] is { } child)
            {
                value = key.Read(value, child, Join(field, key.Name), problems);
            }
        }

        return value;
    }

    private void RequireKeys(ScenarioNode node, string field, List<ConfigProblem> problems)
    {
        string fix = names is null ? "Add the key." : $"Add the key, or change a known one: base: {names.Names().First()}.";
        foreach (Key<T> key in _keys)
        {
            if (key.IsRequired && node[key.Name] is null)
            {
                problems.Add(new ConfigProblem(Join(field, key.Name), "nothing", "required here", fix));
            }
        }
    }

    private T? Named(ScenarioNode node, string field, List<ConfigProblem> problems)
    {
        T? found = node.Text is null ? null : names!.Find(node.Text);
        if (found is null && names!.FromFile is { } read && node.Text is { } path && IsFile(node.ResolvePath(path)))
        {
            return FromFile(read, node.ResolvePath(path), field, problems);
        }

        if (found is null)
        {
            var near = node.Text is null ? [] : names!.Near(node.Text);
            string fix = near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Use a known name, or describe it by its keys.";
            problems.Add(new ConfigProblem(field, node.Describe(), $"known names: {AllNames()}", fix));
        }

        return found;
    }

    private static bool IsFile(string path) =>
        path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || File.Exists(path) || Directory.Exists(path);

    private static T? FromFile(Func<string, T> read, string path, string field, List<ConfigProblem> problems)
    {
        try
        {
            return read(path);
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems.Select(problem => problem with { Field = $"{field}: {problem.Field}" }));
            return null;
        }
    }

    private ConfigProblem Unknown(string name, string field)
    {
        string? section = _keys.FirstOrDefault(key => key.Holds(name))?.Name;
        var near = NearNames.Find(name, _keys.Select(key => key.Name));
        string fix = section is not null ? $"It belongs under {section}."
            : near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}?"
            : "Remove it.";
        return new ConfigProblem(field, "this key", $"known keys: {KnownKeys()}", fix);
    }

    public override void Write(Utf8JsonWriter writer, T value)
    {
        writer.WriteStartObject();
        foreach (Key<T> key in _keys)
        {
            if (key.IsUsed(value))
            {
                writer.WritePropertyName(key.Name);
                key.Write(writer, value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The keys as written.</summary>
    public IEnumerable<string> Names => _keys.Select(key => key.Name);

    /// <summary>The keys whose values differ from those of another object.</summary>
    public IEnumerable<string> Given(T value, T blank) => _keys.Where(key => !key.IsSame(value, blank)).Select(key => key.Name);

    /// <summary>A key's value, as a message shows it.</summary>
    public string Show(string name, T value) => _keys.First(key => key.Name == name).Show(value);

    public override bool HasKey(string name) => (names is not null && name == Base) || _keys.Concat(_others).Any(key => key.Name == name);

    public override IEnumerable<string> Words(string path)
    {
        string[] parts = path.Split('.', 2);
        return path.Length == 0 ? names?.Names() ?? []
            : _keys.Concat(_others).FirstOrDefault(key => key.Name == parts[0])?.Words(parts.Length > 1 ? parts[1] : "") ?? [];
    }

    private string AllNames() => string.Join(", ", names!.Names());

    private string KnownKeys() => string.Join(", ", _keys.Select(key => key.Name));

    private static string Join(string field, string key) => field.Length == 0 ? key : $"{field}.{key}";
}
