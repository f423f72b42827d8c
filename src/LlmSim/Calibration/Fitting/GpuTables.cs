using LlmSim.Calibration.Tables;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>The tables of one GPU among those of several.</summary>
/// <param name="Gpu">The GPU.</param>
/// <param name="Files">Its tables.</param>
internal sealed record GpuTables(GpuSpec Gpu, TableFiles Files)
{
    /// <summary>Does some work for each GPU, on several threads; results are in order.</summary>
    /// <exception cref="ConfigException">It failed for some; lists the problems of all, with the GPU's name where there are several.</exception>
    public static T[] Each<T>(IReadOnlyList<GpuTables> all, Func<GpuTables, T> work)
    {
        (T? Result, IReadOnlyList<ConfigProblem> Problems)[] done = [.. all.AsParallel().AsOrdered().Select(one =>
        {
            try
            {
                return (work(one), []);
            }
            catch (ConfigException e)
            {
                return (default(T), all.Count == 1 ? e.Problems : [.. e.Problems.Select(problem => problem with { Field = $"{one.Gpu.Name}: {problem.Field}" })]);
            }
        })];
        ConfigProblem[] problems = [.. done.SelectMany(one => one.Problems)];
        return problems.Length == 0 ? [.. done.Select(one => one.Result!)] : throw new ConfigException(problems);
    }

    /// <summary>Finds the folders below some, at any depth, that are named after GPUs; several of one GPU are taken together.</summary>
    /// <param name="roots">Where to look.</param>
    /// <param name="engine">The engine whose kernels are wanted.</param>
    /// <param name="version">Its version; null for the newest that has a family.</param>
    /// <exception cref="ConfigException">A root is not there, there are no such folders, or tables cannot be read.</exception>
    public static IReadOnlyList<GpuTables> Find(IReadOnlyList<string> roots, string engine, string? version)
    {
        var folders = new List<(GpuSpec Gpu, string Folder)>();
        foreach (string root in roots)
        {
            if (!Directory.Exists(root))
            {
                throw new ConfigException(new ConfigProblem("TABLES", root, "a folder with one folder of tables for each GPU", "Check the path."));
            }

            Collect(root);
        }

        if (folders.Count == 0)
        {
            throw new ConfigException(new ConfigProblem("TABLES", string.Join(", ", roots), "a folder with folders that are named after GPUs, for example h100_sxm",
                "Name each folder as llmsim gpus lists the GPU."));
        }

        var problems = new List<ConfigProblem>();
        var found = new List<GpuTables>();
        foreach (var gpu in folders.GroupBy(pair => pair.Gpu))
        {
            try
            {
                found.Add(new GpuTables(gpu.Key, new TableFiles([.. gpu.Select(pair => pair.Folder)], engine, version)));
            }
            catch (ConfigException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems.Count == 0 ? found : throw new ConfigException(problems);

        void Collect(string parent)
        {
            foreach (string folder in Directory.GetDirectories(parent).Order(StringComparer.Ordinal))
            {
                if (GpuCatalog.TryGet(Path.GetFileName(folder), out GpuSpec? gpu))
                {
                    folders.Add((gpu, folder));
                }
                else
                {
                    Collect(folder);
                }
            }
        }
    }
}
