using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>A key of an object of type <typeparamref name="T"/>: one line of the scenario's schema.</summary>
/// <param name="name">The key as written.</param>
/// <param name="isRequired">Whether an object described from nothing must have it.</param>
internal abstract class Key<T>(string name, bool isRequired)
{
    public string Name { get; } = name;

    public bool IsRequired { get; } = isRequired;

    /// <summary>Whether it means anything for this object; what means nothing is not written.</summary>
    public abstract bool IsUsed(T owner);

    /// <summary>The object with this key's value set.</summary>
    public abstract T Read(T owner, ScenarioNode node, string field, List<ConfigProblem> problems);

    /// <summary>Writes this key's value.</summary>
    public abstract void Write(Utf8JsonWriter writer, T owner);

    /// <summary>Whether two objects have the same value.</summary>
    public abstract bool IsSame(T one, T other);

    /// <summary>This key's value, as a message shows it.</summary>
    public abstract string Show(T owner);

    /// <summary>Whether the values behind this key are objects with that key.</summary>
    public abstract bool Holds(string name);

    /// <summary>The words that a shell may offer for a key inside its values, or for itself.</summary>
    public abstract IEnumerable<string> Words(string path);
}
