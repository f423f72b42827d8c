using LlmSim.Calibration;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Uncertainty;

/// <summary>The errors that a scenario's figures are exposed to.</summary>
internal static class ModelErrors
{
    /// <summary>
    /// Host and front end: their constants are priors or come from servers of one kind. Left out a model at a time, what these H100 servers
    /// need before the engine varies by about a fifth; other hosts vary more.
    /// </summary>
    internal const double Host = 0.3;

    /// <summary>Name of the error of host and front end.</summary>
    public const string HostName = "host and front end";

    /// <summary>Name of the error of all kernels together.</summary>
    public const string Step = "step as a whole";

    private const string Datasheet = "datasheet rates, one efficiency for all GPUs";

    /// <summary>All of them: a factor for each family of kernels that runs, for the host, and for the step as a whole.</summary>
    /// <exception cref="ConfigException">The profile cannot be read.</exception>
    public static IReadOnlyList<ErrorFactor> Of(SimulatorConfig config, ServingResidual residual)
    {
        KernelProfile? profile = KernelProfiles.For(config);
        var factors = new List<ErrorFactor>();
        foreach (KernelFamily family in Families(config))
        {
            (double deviation, string source) = Deviation(profile, config, family);
            factors.Add(new ErrorFactor(Name(config.Model, family), deviation * residual.Kernels, source, (scenario, factor) => Scale(scenario, family, factor)));
        }

        factors.Add(new ErrorFactor(HostName, Host * residual.Kernels, "priors, and what H100 servers show", ScaleHost));
        if (residual.Step > 0)
        {
            factors.Add(new ErrorFactor(Step, residual.Step, "what measured serving runs leave unexplained", ScaleStep));
        }

        return factors;
    }

    /// <summary>The families of kernels that a scenario runs.</summary>
    public static IEnumerable<KernelFamily> Families(SimulatorConfig config) => Enum.GetValues<KernelFamily>().Where(family => Runs(config, family));

    private static bool Runs(SimulatorConfig config, KernelFamily family) => family switch
    {
        KernelFamily.Experts => config.Model.Experts is not null || config.Model.LayerGroups.Any(group => group.Experts is not null),
        KernelFamily.Communication => config.Parallelism.TensorParallel > 1 || config.Parallelism.PipelineParallel > 1
            || config.Scheduler.Preemption == PreemptionMode.Swap,
        _ => true,
    };

    /// <summary>What a family may be off by, and where that comes from.</summary>
    public static (double Deviation, string Source) Deviation(KernelProfile? profile, SimulatorConfig config, KernelFamily family)
    {
        if (profile is null || Quality(profile, config, family) is not { } quality)
        {
            return (IsLatent(config.Model, family) ? FamilyErrors.AssumedLatent(family) : FamilyErrors.Assumed(family), Datasheet);
        }

        double own = quality.Bias ?? quality.Spread;
        double scaled = IsLatent(config.Model, family) ? FamilyErrors.ScaledLatent(family) : FamilyErrors.Scaled(family);
        bool isOwn = profile.Gpu == config.Cluster.Gpu.Name;
        return isOwn && family == KernelFamily.Experts && IsMeasured(profile, config)
            ? (FamilyErrors.MeasuredLayer, $"this layer was measured on {profile.Gpu}")
            : isOwn ? (own, $"shapes of {profile.Gpu} that the fit did not see")
            : (Math.Max(own, scaled), $"GPUs predicted from another's profile, as here from {profile.Gpu}");
    }

    /// <summary>What a family's times were fitted on; null where none was measured.</summary>
    public static FitQuality? Quality(KernelProfile profile, SimulatorConfig config, KernelFamily family)
    {
        ModelSpec model = config.Model;
        return family switch
        {
            KernelFamily.Gemm => profile.Gemm.OrderByDescending(one => Likeness(one.Type, model.WeightType)).Select(one => one.Quality).FirstOrDefault(),
            KernelFamily.PrefillAttention when IsLatent(model, family) => profile.LatentPrefill?.Quality,
            KernelFamily.DecodeAttention when IsLatent(model, family) => profile.LatentDecode?.Quality,
            KernelFamily.PrefillAttention => profile.Prefill?.Quality,
            KernelFamily.DecodeAttention => profile.Decode.OrderByDescending(one => one.Grouped == model.AttentionHeads > model.KvHeads)
                .Select(one => one.Quality).FirstOrDefault(),
            KernelFamily.Experts => Experts(profile, model)?.Quality,
            KernelFamily.Communication => profile.AllReduce.Where(one => one.Ranks >= config.Parallelism.TensorParallel)
                .MinBy(one => one.Ranks)?.Quality,
            KernelFamily.MemoryPasses => profile.Pass?.Quality,
            _ => profile.Sampler?.Quality,
        };
    }

    private static bool IsLatent(ModelSpec model, KernelFamily family) =>
        model.Latent is not null && family is (KernelFamily.PrefillAttention or KernelFamily.DecodeAttention);

    private static ExpertCoefficients? Experts(KernelProfile profile, ModelSpec model) =>
        profile.Experts.OrderByDescending(one => Likeness(one.Type, model.Experts?.WeightType ?? model.WeightType)).FirstOrDefault();

    private static bool IsMeasured(KernelProfile profile, SimulatorConfig config)
    {
        ExpertProducts? products = config.Model.LayerKernels(config.Parallelism.TensorParallel).Select(entry => entry.Kernel).OfType<ExpertProducts>().FirstOrDefault();
        return products is not null && Experts(profile, config.Model)!.Layers
            .Any(layer => layer.Is(products.Experts, products.Width, products.Hidden, products.PerToken));
    }

    // Which coefficients kernels of a number format take: their own, else those of 16 bits.
    private static int Likeness(DataType fitted, DataType type) => fitted == type ? 2 : fitted == DataType.Bf16 ? 1 : 0;

    private static SimulatorConfig Scale(SimulatorConfig config, KernelFamily family, double factor)
    {
        KernelScales scales = config.KernelScales;
        return config with
        {
            KernelScales = family switch
            {
                KernelFamily.Gemm => scales with { Gemm = scales.Gemm * factor },
                KernelFamily.PrefillAttention => scales with { PrefillAttention = scales.PrefillAttention * factor },
                KernelFamily.DecodeAttention => scales with { DecodeAttention = scales.DecodeAttention * factor },
                KernelFamily.Experts => scales with { Experts = scales.Experts * factor },
                KernelFamily.Communication => scales with { Communication = scales.Communication * factor },
                KernelFamily.MemoryPasses => scales with { MemoryPasses = scales.MemoryPasses * factor },
                _ => scales with { Sampler = scales.Sampler * factor },
            },
        };
    }

    private static SimulatorConfig ScaleStep(SimulatorConfig config, double factor) =>
        Enum.GetValues<KernelFamily>().Aggregate(config, (scaled, family) => Scale(scaled, family, factor));

    private static SimulatorConfig ScaleHost(SimulatorConfig config, double factor)
    {
        HostSpec host = HostSpec.Resolve(config);
        return config with
        {
            Host = host with
            {
                StepSeconds = host.StepSeconds * factor,
                SequenceSeconds = host.SequenceSeconds * factor,
                IngressSeconds = host.IngressSeconds * factor,
                HttpSeconds = host.HttpSeconds * factor,
                HttpSecondsPerToken = host.HttpSecondsPerToken * factor,
                DetokenizationSecondsPerToken = host.DetokenizationSecondsPerToken * factor,
                StreamSecondsPerToken = host.StreamSecondsPerToken * factor,
                TokenizationSeconds = host.TokenizationSeconds * factor,
                TokenizationSecondsPerToken = host.TokenizationSecondsPerToken * factor,
            },
        };
    }

    /// <summary>A family of a model's kernels for people.</summary>
    public static string Name(ModelSpec model, KernelFamily family) => IsLatent(model, family) ? $"latent {Name(family)}" : Name(family);

    /// <summary>A family for people.</summary>
    public static string Name(KernelFamily family) => family switch
    {
        KernelFamily.Gemm => "matrix products",
        KernelFamily.PrefillAttention => "prefill attention",
        KernelFamily.DecodeAttention => "decode attention",
        KernelFamily.Experts => "experts",
        KernelFamily.Communication => "communication",
        KernelFamily.MemoryPasses => "memory passes",
        _ => "sampler",
    };
}
