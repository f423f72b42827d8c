namespace LlmSim.Planning.Sweeps;

/// <summary>An axis as results show it.</summary>
/// <param name="Name">The field.</param>
/// <param name="Texts">Its values in order, as they were written.</param>
internal sealed record SweepColumn(string Name, IReadOnlyList<string> Texts);
