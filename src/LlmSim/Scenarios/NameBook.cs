namespace LlmSim.Scenarios;

/// <summary>Things that a scenario can name instead of describing them.</summary>
/// <param name="Find">The thing of a name or alias; null when there is none.</param>
/// <param name="Near">Names that an unknown one may have meant.</param>
/// <param name="Names">All names.</param>
internal sealed record NameBook<T>(Func<string, T?> Find, Func<string, IReadOnlyList<string>> Near, Func<IEnumerable<string>> Names)
    where T : class;
