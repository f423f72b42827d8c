using LlmSim.Specs;

namespace LlmSim.Planning.Sweeps;

/// <summary>The parts of a sweep, put together again.</summary>
internal sealed class SweepMerge : IDisposable
{
    private readonly ShardReader[] _parts;

    private SweepMerge(ShardReader[] parts) => _parts = parts;

    /// <summary>What the whole sweep's results begin with.</summary>
    public SweepHeader Header => _parts[0].Header with { Shard = Shard.Whole };

    /// <summary>Opens the parts, in any order.</summary>
    /// <param name="paths">Their files. At least one.</param>
    /// <param name="field">The argument that names them, for messages.</param>
    /// <exception cref="ConfigException">One cannot be read, they are of different sweeps, or a part is missing or there twice; lists everything found.</exception>
    public static SweepMerge Open(IReadOnlyList<string> paths, string field)
    {
        var problems = new List<ConfigProblem>();
        var parts = new List<ShardReader>();
        foreach (string path in paths)
        {
            try
            {
                parts.Add(ShardReader.Open(path, field));
            }
            catch (ConfigException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        if (problems.Count == 0)
        {
            CheckSame(parts, field, problems);
            CheckWhole(parts, field, problems);
        }

        if (problems.Count > 0)
        {
            parts.ForEach(part => part.Dispose());
            throw new ConfigException(problems);
        }

        return new SweepMerge([.. parts.OrderBy(part => part.Header.Shard.Number)]);
    }

    /// <summary>All rows in the order of their points.</summary>
    /// <exception cref="ConfigException">A part was not finished, or is damaged.</exception>
    public IEnumerable<SweepRow> Rows()
    {
        for (long point = 0; point < Header.Grid.Count; point++)
        {
            yield return _parts[point % _parts.Length].Read();
        }
    }

    /// <summary>Closes the parts.</summary>
    public void Dispose()
    {
        foreach (ShardReader part in _parts)
        {
            part.Dispose();
        }
    }

    private static void CheckSame(List<ShardReader> parts, string field, List<ConfigProblem> problems)
    {
        ShardReader first = parts[0];
        foreach (ShardReader part in parts.Skip(1))
        {
            if (part.Header.Version != first.Header.Version)
            {
                problems.Add(new ConfigProblem(field, $"{part.Path} of llmsim {part.Header.Version}", $"one version; {first.Path} is of {first.Header.Version}",
                    "Run all shards with the same version."));
            }
            else if (part.Header.Hash != first.Header.Hash)
            {
                problems.Add(new ConfigProblem(field, part.Path, $"shards of one sweep; {first.Path} is of another one",
                    "Run all shards with the same sweep file, scenario, flags and data."));
            }
            else if (part.Header.Shard.Count != first.Header.Shard.Count)
            {
                problems.Add(new ConfigProblem(field, $"{part.Path}, shard {part.Header.Shard}", $"one division; {first.Path} is shard {first.Header.Shard}",
                    "Divide the sweep into the same number of shards."));
            }
        }
    }

    private static void CheckWhole(List<ShardReader> parts, string field, List<ConfigProblem> problems)
    {
        if (problems.Count > 0)
        {
            return;
        }

        foreach (IGrouping<int, ShardReader> same in parts.GroupBy(part => part.Header.Shard.Number).Where(group => group.Count() > 1))
        {
            problems.Add(new ConfigProblem(field, string.Join(" and ", same.Select(part => part.Path)),
                $"each shard once; these are all shard {same.First().Header.Shard}", "Name it once."));
        }

        int count = parts[0].Header.Shard.Count;
        int[] missing = [.. Enumerable.Range(1, count).Except(parts.Select(part => part.Header.Shard.Number))];
        if (missing.Length > 0)
        {
            string which = string.Join(", ", missing.Take(10)) + (missing.Length > 10 ? " and others" : "");
            problems.Add(new ConfigProblem(field, $"all but shard{(missing.Length > 1 ? "s" : "")} {which} of {count}", "all shards of the sweep",
                $"Run llmsim sweep --shard {missing[0]}/{count}, and name its file too."));
        }
    }
}
