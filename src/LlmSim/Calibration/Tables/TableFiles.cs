using LlmSim.Specs;

namespace LlmSim.Calibration.Tables;

/// <summary>Finds the tables of one engine in folders laid out in any way: of each family the newest version.</summary>
internal sealed class TableFiles
{
    private const string Suffix = "_perf";
    private const string Layers = "dense";
    private const string Framework = "framework";
    private const string VersionColumn = "version";

    private readonly Dictionary<string, (string Path, string Measured)> _newest = new(StringComparer.Ordinal);

    /// <summary>Looks through folders and those below.</summary>
    /// <param name="folders">Where.</param>
    /// <param name="engine">The engine whose kernels are wanted, for example <c>vllm</c>.</param>
    /// <param name="version">Its version; null for the newest that has a family.</param>
    /// <exception cref="ConfigException">A folder is not there or a table cannot be read.</exception>
    public TableFiles(IReadOnlyList<string> folders, string engine, string? version)
    {
        var layers = new List<string>();
        var problems = new List<ConfigProblem>();
        foreach (string folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                problems.Add(new ConfigProblem("TABLES", folder, "a folder of measured tables", "Check the path."));
                continue;
            }

            string[] files = [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            files = [.. files.Where(file => Path.GetExtension(file) is MeasuredTable.Csv or MeasuredTable.Parquet)];
            layers.AddRange(files.Where(file => Path.GetFileNameWithoutExtension(file) == Layers).Select(file => Path.GetDirectoryName(file)!).Distinct());
            foreach (string file in files.Where(file => Path.GetFileNameWithoutExtension(file).EndsWith(Suffix, StringComparison.Ordinal)))
            {
                try
                {
                    Consider(file, engine, version);
                }
                catch (ConfigException e)
                {
                    problems.AddRange(e.Problems);
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new ConfigException(problems);
        }

        LayerFolders = layers;
        if (_newest.Count == 0 && layers.Count == 0)
        {
            throw new ConfigException(new ConfigProblem("TABLES", string.Join(", ", folders),
                $"folders with tables of {engine}{(version is null ? "" : $" {version}")}: *{Suffix}.csv or .parquet, or layer timings ({Layers}.csv)",
                "Check the path, --engine and --engine-version."));
        }
    }

    /// <summary>Folders with layer timings.</summary>
    public IReadOnlyList<string> LayerFolders { get; }

    /// <summary>The table of a family, and what was measured for it; null where there is none.</summary>
    /// <param name="family">The file's name before <c>_perf</c>.</param>
    public (string Path, string Measured)? Find(string family) =>
        _newest.TryGetValue(family, out (string Path, string Measured) found) ? found : null;

    private void Consider(string file, string engine, string? version)
    {
        var table = MeasuredTable.Head(file, Framework, VersionColumn);
        string rowVersion = table.Text(0, VersionColumn);
        if (!table.Text(0, Framework).Equals(engine, StringComparison.OrdinalIgnoreCase) || (version is not null && version != rowVersion))
        {
            return;
        }

        string family = Path.GetFileNameWithoutExtension(file)[..^Suffix.Length];
        string measured = $"{engine} {rowVersion}";
        if (!_newest.TryGetValue(family, out (string Path, string Measured) best) || IsNewer(measured, best.Measured))
        {
            _newest[family] = (file, measured);
        }
    }

    private static bool IsNewer(string measured, string than) =>
        Version.TryParse(measured[(measured.IndexOf(' ') + 1)..], out Version? version)
        && (!Version.TryParse(than[(than.IndexOf(' ') + 1)..], out Version? other) || version > other);
}
