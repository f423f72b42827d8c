using LlmSim.Calibration.Tables;
using LlmSim.Costs;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>Fits a profile to all tables of one GPU.</summary>
internal static class ProfileFit
{
    private const string LayerEngine = "in vLLM"; // Layer timings carry no version.
    private const string OperatorSource = "operator tables of ai-dynamo/aiconfigurator (Apache-2.0)";
    private const string LayerSource = "layer timings of casys-kaist/LLMServingSim (MIT)";

    /// <summary>Fits every family that there are tables of. The same tables give the same profile.</summary>
    /// <param name="gpu">The GPU measured.</param>
    /// <param name="files">Its tables.</param>
    /// <param name="given">A profile to judge by the tables instead of fitting: the result holds its coefficients, and their errors on all
    /// rows, for each family that both have.</param>
    /// <exception cref="ConfigException">Tables cannot be read or cannot be right; lists every family's problem.</exception>
    public static KernelProfile Run(GpuSpec gpu, TableFiles files, KernelProfile? given = null)
    {
        var problems = new List<ConfigProblem>();
        CheckGpu(gpu, problems);
        if (problems.Count > 0)
        {
            throw new ConfigException(problems);
        }

        List<LayerTables> layers = [.. files.LayerFolders.Select(folder => Try(() => LayerTables.Read(folder))).OfType<LayerTables>()];

        var context = new FitContext(gpu, given);
        var profile = new KernelProfile
        {
            Gpu = gpu.Name,
            Measured = [],
            Sources = [],
            Datasheet = Datasheet(gpu),
            Gemm = Lacks(profile => profile.Gemm) ? [] : Try(Gemm) ?? [],
            Prefill = Lacks(profile => profile.Prefill) ? null : Try(() => Attention("context_attention", layer => layer.Prefill, AttentionFit.Prefill)),
            Decode = Lacks(profile => profile.Decode) ? [] : Try(() => Attention("generation_attention", layer => layer.Decode, AttentionFit.Decode)) ?? [],
            Mixed = Lacks(profile => profile.Mixed) ? null : Try(() => layers.SelectMany(layer => layer.Mixed).ToList() is { Count: > 0 } rows
                ? MixedFit.Run(context, rows, LayerEngine)
                : null),
            Skew = given is not null ? null : Try(() => SkewFit.Run(context, [.. layers.SelectMany(layer => layer.Skew)], LayerEngine)),
            Experts = Lacks(profile => profile.Experts) ? [] : Try(Experts) ?? [],
            AllReduce = Lacks(profile => profile.AllReduce) ? [] : Try(() => files.Find("custom_allreduce") is { } table
                ? CurveFit.AllReduce(context, OperatorTables.AllReduce(table.Path), table.Measured)
                : []) ?? [],
            Pass = Lacks(profile => profile.Pass) ? null : Try(() => layers.SelectMany(layer => layer.Passes).ToList() is { Count: > 0 } rows
                ? CurveFit.Passes(context, rows, LayerEngine)
                : null),
            Sampler = Lacks(profile => profile.Sampler) ? null : Try(() => layers.SelectMany(layer => layer.Sampler).ToList() is { Count: > 0 } rows
                ? CurveFit.Sampler(context, rows, LayerEngine)
                : null),
        };
        profile = WithLatents(profile);
        if (problems.Count == 0 && given is null && KernelFamilies.Of(profile).Count == 0)
        {
            problems.Add(new ConfigProblem("TABLES", "no kernel family that is fitted",
                "tables of products, attention, experts or all-reduces, or layer timings of a dense model that llmsim models lists",
                "Check the names of files and folders (docs/calibration.md has them)."));
        }

        return problems.Count == 0 ? WithSources(profile) : throw new ConfigException(problems);

        // Layers are timed with their products, which come first.
        KernelProfile WithLatents(KernelProfile fitted)
        {
            fitted = fitted with
            {
                Batched = Lacks(profile => profile.Batched) ? null : Try(() => files.Find("mla_bmm") is { } table
                    ? BatchedFit.Run(context, LatentTables.Batched(table.Path), table.Measured)
                    : null),
            };
            var timer = new CalibratedTimer(gpu, gpu.Interconnect, spansNodes: false, KernelEfficiencies.Default, given ?? fitted);
            var fit = new LatentFit(context, new LatentLayer(timer));
            return fitted with
            {
                LatentPrefill = Lacks(profile => profile.LatentPrefill) ? null : Try(() => Latents("context", fit.Prefill)),
                LatentDecode = Lacks(profile => profile.LatentDecode) ? null : Try(() => Latents("generation", fit.Decode)),
            };
        }

        // Whole layers, else the kernels alone.
        T? Latents<T>(string phase, Func<IReadOnlyList<LatentTime>, bool, string, T> fit)
            where T : class =>
            files.Find($"mla_{phase}_module") is { } layer ? fit(LatentTables.Attention(layer.Path, isLayer: true), true, layer.Measured)
            : files.Find($"{phase}_mla") is { } kernel ? fit(LatentTables.Attention(kernel.Path, isLayer: false), false, kernel.Measured)
            : null;

        // Whether there is nothing to judge by a family's tables.
        bool Lacks(Func<KernelProfile, object?> family) => given is not null && family(given) is null or IReadOnlyList<object> { Count: 0 };

        IReadOnlyList<GemmCoefficients> Gemm()
        {
            List<GemmRow> inEngine = [.. layers.SelectMany(layer => layer.Gemm)];
            if (files.Find("gemm") is { } table)
            {
                return [.. OperatorTables.Gemm(table.Path).GroupBy(row => row.Type).OrderBy(group => group.Key)
                    .Select(group => Try(() => GemmFit.Run(context, [.. group], table.Measured, isCold: false,
                        [.. inEngine.Where(row => row.Type == group.Key)]))).OfType<GemmCoefficients>()];
            }

            return inEngine.Count == 0 ? [] : [GemmFit.Run(context, inEngine, LayerEngine, isCold: true, inEngine)];
        }

        IReadOnlyList<ExpertCoefficients> Experts() => files.Find("moe") is not { } table ? [] :
            [.. OperatorTables.Experts(table.Path).GroupBy(row => row.Type).OrderBy(group => group.Key)
                .Select(group => Try(() => ExpertFit.Run(context, [.. group], table.Measured))).OfType<ExpertCoefficients>()];

        T? Attention<T>(string family, Func<LayerTables, List<AttentionRow>> ofLayer, Func<FitContext, IReadOnlyList<AttentionRow>, string, T> fit)
            where T : class
        {
            List<AttentionRow> rows = [.. layers.SelectMany(ofLayer)];
            var table = files.Find(family);
            if (table is { } found)
            {
                rows.AddRange(OperatorTables.Attention(found.Path));
            }

            return rows.Count == 0 ? null : fit(context, rows, table?.Measured ?? LayerEngine);
        }

        T? Try<T>(Func<T> work)
        {
            try
            {
                return work();
            }
            catch (ConfigException e)
            {
                problems.AddRange(e.Problems);
                return default;
            }
        }
    }

    private static void CheckGpu(GpuSpec gpu, List<ConfigProblem> problems)
    {
        const string fix = "Choose a GPU that llmsim gpus lists with both, or describe yours with multiprocessors and l2_cache_bytes.";
        if (gpu.Multiprocessors is null || gpu.L2CacheBytes is null)
        {
            problems.Add(new ConfigProblem("--gpu", gpu.Name, "a GPU whose multiprocessors and L2 cache are known", fix));
        }
    }

    private static KernelProfile WithSources(KernelProfile profile)
    {
        string[] measured = [.. AllQualities(profile).Select(quality => quality.Measured).Distinct().Order(StringComparer.Ordinal)];
        return profile with
        {
            Measured = measured,
            Sources =
            [
                .. measured.Any(name => name != LayerEngine) ? new[] { OperatorSource } : [],
                .. measured.Contains(LayerEngine) ? new[] { LayerSource } : [],
            ],
        };
    }

    /// <summary>The quality of each family that was measured.</summary>
    public static IEnumerable<FitQuality> AllQualities(KernelProfile profile) => KernelFamilies.Of(profile).Select(family => family.Quality);

    private static KernelDatasheet Datasheet(GpuSpec gpu) => new()
    {
        Fp16FlopsPerSecond = gpu.Fp16FlopsPerSecond,
        Fp8FlopsPerSecond = gpu.Fp8FlopsPerSecond,
        MemoryBytesPerSecond = gpu.MemoryBytesPerSecond,
        Multiprocessors = gpu.Multiprocessors!.Value,
        L2CacheBytes = gpu.L2CacheBytes!.Value,
        LinkBytesPerSecond = gpu.Interconnect.BytesPerSecond,
        LinkLatencySeconds = gpu.Interconnect.LatencySeconds,
    };
}
