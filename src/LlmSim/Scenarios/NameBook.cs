namespace LlmSim.Scenarios;

/// <summary>Things that a scenario can name instead of describing them.</summary>
/// <param name="Find">The thing of a name or alias; null when there is none.</param>
/// <param name="Near">Names that an unknown one may have meant.</param>
/// <param name="Names">All names.</param>
/// <param name="FromFile">Reads a thing from a file that stands in place of a name; null when there are no such files.</param>
internal sealed record NameBook<T>(
    Func<string, T?> Find, Func<string, IReadOnlyList<string>> Near, Func<IEnumerable<string>> Names,
    Func<string, T>? FromFile = null)
    where T : class;
