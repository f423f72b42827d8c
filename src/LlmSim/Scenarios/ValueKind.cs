using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>How values of one type are read from files and flags and written as JSON. What is written reads back the same.</summary>
internal abstract class ValueKind<T>
{
    /// <summary>Reads a value. When it cannot be read, adds what is wrong and gives <paramref name="current"/>.</summary>
    /// <param name="node">What the user gave.</param>
    /// <param name="field">The field it is for, for example <c>scheduler.max_num_seqs</c>.</param>
    /// <param name="current">The value so far, which an object's keys change one by one.</param>
    /// <param name="problems">Where problems go.</param>
    public abstract T Read(ScenarioNode node, string field, T current, List<ConfigProblem> problems);

    /// <summary>Writes a value.</summary>
    public abstract void Write(Utf8JsonWriter writer, T value);

    /// <summary>Whether values are objects with this key.</summary>
    public virtual bool HasKey(string name) => false;

    /// <summary>The words that a shell may offer; empty where values are not one of a few words.</summary>
    /// <param name="path">A key inside the value, with dots between; empty for the value itself.</param>
    public virtual IEnumerable<string> Words(string path) => [];
}
