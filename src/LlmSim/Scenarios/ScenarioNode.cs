namespace LlmSim.Scenarios;

/// <summary>A value as the user gave it, in a file or as a flag: nothing, one word of text, keys with values, or a list.</summary>
internal sealed class ScenarioNode
{
    private readonly ScenarioOrigin _origin;
    private readonly List<(string Key, ScenarioNode Value)>? _children;
    private readonly List<ScenarioNode>? _items;

    private ScenarioNode(
        ScenarioOrigin origin, string? text, bool isQuoted, List<(string, ScenarioNode)>? children, List<ScenarioNode>? items)
    {
        _origin = origin;
        Text = text;
        IsQuoted = isQuoted;
        _children = children;
        _items = items;
    }

    /// <summary>No value: <c>null</c>, or a key with nothing behind it.</summary>
    public static ScenarioNode Nothing(ScenarioOrigin origin) => new(origin, null, false, null, null);

    /// <summary>One word or number.</summary>
    public static ScenarioNode Word(ScenarioOrigin origin, string text, bool isQuoted = false) => new(origin, text, isQuoted, null, null);

    /// <summary>An object without keys yet.</summary>
    public static ScenarioNode Object(ScenarioOrigin origin) => new(origin, null, false, [], null);

    /// <summary>A list.</summary>
    public static ScenarioNode List(ScenarioOrigin origin, List<ScenarioNode> items) => new(origin, null, false, null, items);

    /// <summary>The word or number; null for anything else.</summary>
    public string? Text { get; }

    /// <summary>Whether the word stood in quotes, so that it is text even if it looks like a number.</summary>
    public bool IsQuoted { get; }

    /// <summary>Whether this is a list.</summary>
    public bool IsList => _items is not null;

    /// <summary>Whether this is an object.</summary>
    public bool IsObject => _children is not null;

    /// <summary>Whether there is no value.</summary>
    public bool IsNothing => Text is null && !IsObject && !IsList;

    /// <summary>Whether this was given as a flag.</summary>
    public bool IsFlag => _origin.IsFlag;

    /// <summary>Keys and values of an object, in the order given; empty for anything else.</summary>
    public IReadOnlyList<(string Key, ScenarioNode Value)> Children => _children ?? [];

    /// <summary>The values of a list, in the order given; empty for anything else.</summary>
    public IReadOnlyList<ScenarioNode> Items => _items ?? [];

    /// <summary>The value of a key; null when there is none.</summary>
    public ScenarioNode? this[string key]
    {
        get
        {
            foreach ((string name, ScenarioNode value) in Children)
            {
                if (name == key)
                {
                    return value;
                }
            }

            return null;
        }
    }

    /// <summary>Sets the value of a key of an object, replacing the one it had.</summary>
    public void Set(string key, ScenarioNode value)
    {
        int at = _children!.FindIndex(child => child.Key == key);
        if (at < 0)
        {
            _children.Add((key, value));
        }
        else
        {
            _children[at] = (key, value);
        }
    }

    /// <summary>The same object with one key's value set or replaced; this one stays as it is.</summary>
    public ScenarioNode With(string key, ScenarioNode value)
    {
        var copy = new ScenarioNode(_origin, null, false, [.. Children], null);
        copy.Set(key, value);
        return copy;
    }

    /// <summary>The same list with one value replaced; this one stays as it is.</summary>
    public ScenarioNode With(int index, ScenarioNode value) => List(_origin, [.. Items.Take(index), value, .. Items.Skip(index + 1)]);

    /// <summary>Lays values over this object's: objects key by key, anything else whole.</summary>
    public void Overlay(ScenarioNode top)
    {
        foreach ((string key, ScenarioNode value) in top.Children)
        {
            if (value.IsObject && this[key] is { IsObject: true } below)
            {
                below.Overlay(value);
            }
            else
            {
                Set(key, value);
            }
        }
    }

    /// <summary>How a message names the field that this value was given for.</summary>
    public string Label(string field) => _origin.Label(field);

    /// <summary>The same value given elsewhere: what an alias in a file stands for.</summary>
    public ScenarioNode At(ScenarioOrigin origin) => new(origin, Text, IsQuoted, _children is null ? null : [.. _children], _items);

    /// <summary>Another word given at the same place.</summary>
    public ScenarioNode WithText(string text) => Word(_origin, text);

    /// <summary>An object without keys yet, at the same place.</summary>
    public ScenarioNode AsObject() => Object(_origin);

    /// <summary>A path as seen from the current directory: what a file names counts from that file's place.</summary>
    public string ResolvePath(string path) => Path.Combine(_origin.Directory, path);

    /// <summary>The value as a message shows it.</summary>
    public string Describe() =>
        Text is not null ? Text.Length > 0 && !IsQuoted ? Text : $"'{Text}'" : IsObject ? "an object" : IsList ? "a list" : "nothing";
}
