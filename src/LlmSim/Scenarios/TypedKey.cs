using System.Text;
using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>A key whose values are of type <typeparamref name="TValue"/>.</summary>
internal sealed class TypedKey<T, TValue>(
    string name, ValueKind<TValue> kind, Func<T, TValue> get, Func<T, TValue, T> set, bool isRequired, Func<T, bool>? usedIf)
    : Key<T>(name, isRequired)
{
    public override bool IsUsed(T owner) => usedIf is null || usedIf(owner);

    public override T Read(T owner, ScenarioNode node, string field, List<ConfigProblem> problems) =>
        set(owner, kind.Read(node, field, get(owner), problems));

    public override void Write(Utf8JsonWriter writer, T owner) => kind.Write(writer, get(owner));

    public override bool IsSame(T one, T other) => EqualityComparer<TValue>.Default.Equals(get(one), get(other));

    public override string Show(T owner)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            kind.Write(writer, get(owner));
        }

        return Encoding.UTF8.GetString(text.ToArray()).Trim('"');
    }

    public override bool Holds(string name) => kind.HasKey(name);

    public override IEnumerable<string> Words(string path) => kind.Words(path);
}
