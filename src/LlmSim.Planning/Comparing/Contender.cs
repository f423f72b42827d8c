using LlmSim.Specs;

namespace LlmSim.Planning.Comparing;

/// <summary>One of the configurations that are compared.</summary>
/// <param name="Letter">What tables call it: A is the one that the others are compared with.</param>
/// <param name="Name">The name of its file; with the folder where others are called the same.</param>
/// <param name="Config">Its scenario.</param>
internal sealed record Contender(string Letter, string Name, SimulatorConfig Config)
{
    /// <summary>Most that are compared at once: as many as charts have colours for.</summary>
    public const int Most = 6;

    /// <summary>The seed that its scenario has; it serves requests of the first one's.</summary>
    public ulong OwnSeed { get; init; }

    /// <summary>Scenarios as contenders, lettered in order. All serve requests of the first one's seed.</summary>
    public static IReadOnlyList<Contender> Of(IEnumerable<(string Path, SimulatorConfig Config)> scenarios)
    {
        (string Path, SimulatorConfig Config)[] all = [.. scenarios];
        bool areTold = all.DistinctBy(one => Path.GetFileName(one.Path)).Count() == all.Length;
        return [.. all.Select((one, i) => new Contender($"{(char)('A' + i)}", areTold ? Path.GetFileName(one.Path) : one.Path, one.Config with { Seed = all[0].Config.Seed })
        {
            OwnSeed = one.Config.Seed,
        })];
    }
}
