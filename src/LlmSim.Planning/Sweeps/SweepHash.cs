using LlmSim.Calibration;
using LlmSim.Scenarios;

namespace LlmSim.Planning.Sweeps;

/// <summary>Tells sweeps apart: by all that is written in them and by the contents of the files that they name.</summary>
internal static class SweepHash
{
    private static readonly string[] PathPrefixes = [ProfileFile.Other, "empirical:"];

    /// <summary>A sweep's hash. Where its files lie does not matter, what is in them does.</summary>
    public static ulong Of(SweepSpec sweep)
    {
        var hash = new ContentHash();
        Add(hash, sweep.Scenario);
        foreach (IReadOnlyList<SweepAxis> axes in sweep.Dimensions)
        {
            hash.Add(axes.Count);
            foreach (SweepAxis axis in axes)
            {
                hash.Add(axis.Path.Name);
                hash.Add(axis.Values.Count);
                foreach (ScenarioNode value in axis.Values)
                {
                    Add(hash, value);
                }
            }
        }

        return hash.Value;
    }

    private static void Add(ContentHash hash, ScenarioNode node)
    {
        if (node.Text is { } text)
        {
            hash.Add(node.IsQuoted ? 1 : 0);
            hash.Add(text);
            AddFile(hash, node, text);
            return;
        }

        hash.Add(node.IsObject ? 2 : node.IsList ? 3 : 4);
        hash.Add(node.Children.Count + node.Items.Count);
        foreach ((string key, ScenarioNode value) in node.Children)
        {
            hash.Add(key);
            Add(hash, value);
        }

        foreach (ScenarioNode item in node.Items)
        {
            Add(hash, item);
        }
    }

    // Any word may name a file: a model, a profile, a trace, a data set. One that happens to be there but is not read does no harm.
    private static void AddFile(ContentHash hash, ScenarioNode node, string text)
    {
        string? prefix = PathPrefixes.FirstOrDefault(start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        string name = text[(prefix?.Length ?? 0)..].Trim();
        if (name.Length == 0)
        {
            return;
        }

        string path = node.ResolvePath(name);
        string[] files = File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.GetFiles(path, "*.json") : [];
        Array.Sort(files, StringComparer.Ordinal);
        foreach (string file in files)
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                hash.Add(stream);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whether it is needed, and what is wrong with it then, is found where it is read.
            }
        }
    }
}
