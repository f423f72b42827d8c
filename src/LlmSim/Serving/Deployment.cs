using LlmSim.Calibration;
using LlmSim.Costs;
using LlmSim.Serving.Sglang;
using LlmSim.Specs;
using LlmSim.Specs.Engines;

namespace LlmSim.Serving;

/// <summary>A scenario's server with every default resolved: what runs, within which limits, at what cost.</summary>
internal sealed record Deployment
{
    private const double LongestStepSeconds = 3600;

    /// <summary>The scenario it was resolved from.</summary>
    public required SimulatorConfig Config { get; init; }

    /// <summary>What the scheduler is bound by.</summary>
    public required EngineLimits Limits { get; init; }

    /// <summary>How each GPU's memory is divided.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>What a step costs. Not thread-safe: one for each simulation.</summary>
    public required PipelineCostModel Cost { get; init; }

    /// <summary>Resolves a scenario that is valid in itself (rates, shapes and ranges were checked before).</summary>
    /// <exception cref="ConfigException">It does not fit; lists every reason and what would fit.</exception>
    public static Deployment Resolve(SimulatorConfig config)
    {
        var problems = new List<ConfigProblem>();
        return TryResolve(config, problems) ?? throw new ConfigException(problems);
    }

    /// <summary>
    /// As <see cref="Resolve"/>, but adds what is wrong to <paramref name="problems"/> and returns null then.
    /// </summary>
    public static Deployment? TryResolve(SimulatorConfig config, List<ConfigProblem> problems)
    {
        int before = problems.Count;
        var memory = PlanMemory(config);
        var limits = EngineDefaults.Resolve(config, memory);
        MemoryProblems.Add(config, limits, memory, problems);
        var cost = CreateCost(config, limits, problems);
        if (cost is null || problems.Count > before)
        {
            return null;
        }

        return new Deployment
        {
            Config = config,
            Limits = limits,
            Memory = memory,
            Cost = cost,
        };
    }

    /// <summary>How a scenario's GPU memory is divided, whether it fits or not.</summary>
    public static MemoryPlan PlanMemory(SimulatorConfig config)
    {
        SchedulerDefaults set = SchedulerDefaults.Resolve(config);
        SchedulerSpec scheduler = config.Scheduler with
        {
            BlockSize = set.BlockSize,
            GpuMemoryUtilization = set.GpuMemoryUtilization,
            FreeGpuMemoryFraction = set.FreeMemoryFraction,
        };

        // Without a budget a step may hold any number of prompts; nobody says how much memory is set aside for them. One is sure.
        int tokens = config.Engine.HasBudget ? set.MaxNumBatchedTokens : Math.Max(set.MaxModelLen, set.MaxNumSeqs);
        IReadOnlyList<ModelStage> stages = Stages(config);
        MemoryPlan plan = MemoryPlan.For(stages, config.Cluster.Gpu, config.Parallelism.TensorParallel, scheduler, tokens, set.MaxNumSeqs);
        return config.Engine is SglangEngine ? SglangDeployment.Plan(stages, config, plan)
            : plan with { UnusableBlocks = config.Engine.HasNullBlock ? 1 : 0 };
    }

    private static IReadOnlyList<ModelStage> Stages(SimulatorConfig config) =>
        ModelStage.Split(config.Model, config.Cluster, config.Parallelism);

    // Clocks count in fine units; rates given in the wrong unit would overflow them long before a result made sense.
    private static PipelineCostModel? CreateCost(
        SimulatorConfig config, EngineLimits limits, List<ConfigProblem> problems)
    {
        try
        {
            // The stages of a pipeline work while the engine prepares the next step, as the asynchronous loop has it.
            bool overlaps = SchedulerDefaults.Resolve(config).AsyncScheduling || limits.PipelineStages > 1;
            PipelineCostModel cost = config.SharedCostModel is not { } shared ? NewCost(config, limits, overlaps)
                : shared.Get(new SharedCostModel.Key(
                    config.Model, config.Cluster, config.Parallelism.TensorParallel, config.Parallelism.PipelineParallel, config.Host, config.Engine,
                    config.Profile, config.KernelScales, config.Efficiencies, limits.MaxNumSeqs, limits.MaxNumBatchedTokens,
                    limits.SwapBlocks == 0 ? 0 : limits.BlockSize, overlaps), () => NewCost(config, limits, overlaps));
            var longest = cost.NewBatch();
            longest.AddPrefill(limits.MaxNumBatchedTokens, limits.MaxModelLen, endsPrompt: true);
            longest.AddDecode(limits.MaxNumSeqs, (long)limits.UsableBlocks * limits.BlockSize);
            longest.SwappedBlocks = Math.Min(limits.SwapBlocks, limits.UsableBlocks);
            if (cost.Explain(longest).StepSeconds <= LongestStepSeconds)
            {
                return cost;
            }
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems);
            return null;
        }
        catch (OverflowException)
        {
            // Reported below.
        }

        problems.Add(new ConfigProblem("gpu",
            $"a full step of {limits.MaxNumBatchedTokens} tokens takes over an hour", "a step of at most an hour",
            "Check the rates of the GPU and link (per second) and the host's times (seconds)."));
        return null;
    }

    private static PipelineCostModel NewCost(SimulatorConfig config, EngineLimits limits, bool overlaps)
    {
        KernelProfile? profile = KernelProfiles.For(config);
        int maxTokens = Math.Max(limits.MaxNumBatchedTokens, limits.MaxNumSeqs);
        IReadOnlyList<ModelStage> stages = Stages(config);
        var costs = stages.Distinct().ToDictionary(stage => stage, stage => new TransformerCostModel(
            stage, config.Cluster, config.Parallelism.TensorParallel, config.Host, overlaps, maxTokens,
            config.Efficiencies,
            blockBytes: limits.SwapBlocks == 0 ? 0 : limits.BlockSize * stage.Model.KvBytesPerToken(config.Parallelism.TensorParallel),
            profile: profile, scales: config.KernelScales)
        {
            Graphs = config.Engine.Graphs(limits.MaxNumSeqs, limits.MaxNumBatchedTokens),
            SharedTimes = config.SharedTimes?.GetOrAdd(stage, _ => new FamilyTimes(maxTokens)),
        });
        return new PipelineCostModel([.. stages.Select(stage => costs[stage])]); // Stages that are alike share theirs.
    }
}
