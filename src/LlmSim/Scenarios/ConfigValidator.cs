using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Scenarios;

/// <summary>Finds what is wrong with a scenario, as far as it can be told without planning memory or reading a trace.</summary>
public static class ConfigValidator
{
    private const double LongestOutputSeconds = 1;

    /// <summary>Every problem, in the order of the scenario's keys; fields are named as in scenario files. Empty when there is none.</summary>
    public static IReadOnlyList<ConfigProblem> Validate(SimulatorConfig config) => Validate(config, isHardwareKnown: true);

    /// <summary>As <see cref="Validate(SimulatorConfig)"/>; without known hardware, only what holds on any.</summary>
    internal static IReadOnlyList<ConfigProblem> Validate(SimulatorConfig config, bool isHardwareKnown)
    {
        ArgumentNullException.ThrowIfNull(config);
        var list = new ProblemList();
        if (isHardwareKnown)
        {
            ModelChecks.Check(list, config.Model);
            bool hasModel = list.Problems.Count == 0;
            CheckGpu(list, config.Cluster.Gpu);
            if (config.Cluster.Interconnect is { } link)
            {
                CheckInterconnect(list, "interconnect", link);
            }

            CheckNumberFormats(list, config);
            LayoutChecks.Check(list, config, hasModel);
        }

        SchedulerChecks.CheckEach(list, config);
        EngineChecks.Check(list, config);
        if (isHardwareKnown)
        {
            SchedulerChecks.CheckTogether(list, config);
        }

        CheckHost(list, config.Host);
        list.Problems.AddRange(WorkloadChecks.Problems(config.Workload));
        CheckMeasures(list, config);
        if (isHardwareKnown)
        {
            CheckSomePromptFits(list, config);
        }

        return list.Problems;
    }

    private static void CheckGpu(ProblemList list, GpuSpec gpu)
    {
        const string fix = "Take the figure from the GPU's datasheet.";
        list.AtLeast(1, "gpu.memory_bytes", gpu.MemoryBytes, fix);
        list.Positive("gpu.memory_bytes_per_second", gpu.MemoryBytesPerSecond, fix);
        list.Positive("gpu.fp16_flops_per_second", gpu.Fp16FlopsPerSecond, fix);
        list.Positive("gpu.fp32_flops_per_second", gpu.Fp32FlopsPerSecond, fix);
        list.Positive("gpu.fp8_flops_per_second", gpu.Fp8FlopsPerSecond, "Leave it out when the GPU has no FP8 units.");
        list.Positive("gpu.int8_ops_per_second", gpu.Int8OpsPerSecond, "Leave it out when the GPU has no INT8 units.");
        list.Positive("gpu.host_bytes_per_second", gpu.HostBytesPerSecond, "Leave it out for PCIe 4.");
        list.AtLeast(1, "gpu.multiprocessors", gpu.Multiprocessors, "Leave it out when it is not known.");
        list.AtLeast(1, "gpu.l2_cache_bytes", gpu.L2CacheBytes, "Leave it out when it is not known.");
        CheckInterconnect(list, "gpu.interconnect", gpu.Interconnect);
    }

    private static void CheckInterconnect(ProblemList list, string field, InterconnectSpec link)
    {
        list.Positive($"{field}.bytes_per_second", link.BytesPerSecond, "Give one GPU's bandwidth in one direction.");
        list.NotNegative($"{field}.latency_seconds", link.LatencySeconds, "Give the time of the smallest message.");
    }

    private static void CheckNumberFormats(ProblemList list, SimulatorConfig config)
    {
        (ModelSpec model, GpuSpec gpu) = (config.Model, config.Cluster.Gpu);
        list.Known("sampling", model.Sampling);
        list.Known("dtype", model.WeightType);
        list.Known("kv_cache_dtype", model.KvType ?? DataType.Bf16);
        list.Require(model.KvType is not (DataType.Int4 or DataType.Mxfp4), "kv_cache_dtype",
            $"{model.KvType}".ToLowerInvariant(), "a format of 8 bits or more", "Use fp8.");

        list.Require(model.WeightType != DataType.Bf16 || gpu.HasBf16, "dtype", "bf16",
            $"fp16, fp32 or int8 on {gpu.Name}, which does not compute in BF16", "Use fp16.");

        // vLLM's 4-bit products (Marlin) need compute capability 8.0, and so does BF16.
        list.Require(model.WeightType is not (DataType.Int4 or DataType.Mxfp4) || gpu.HasBf16, "dtype",
            $"{model.WeightType}".ToLowerInvariant(), $"fp16, fp32 or int8 on {gpu.Name}, which is older than the kernels for 4-bit weights",
            "Use int8, or a GPU of the Ampere generation or later.");

        // vLLM runs FP8 weights on such a GPU as weights only, with another kernel, which is not modelled.
        list.Require(model.WeightType != DataType.Fp8 || gpu.Fp8FlopsPerSecond is not null, "dtype", "fp8",
            $"bf16, fp16, fp32 or int8 on {gpu.Name}, which has no FP8 units",
            "Use bf16, or a GPU with FP8 units such as h100-80gb-sxm.");
        list.Require(model.WeightType != DataType.Int8 || gpu.Int8OpsPerSecond is not null, "dtype", "int8",
            $"bf16, fp16 or fp32 on {gpu.Name}, which has no INT8 units", "Use bf16, or a GPU with INT8 units.");
    }

    private static void CheckHost(ProblemList list, HostSpec host)
    {
        const string fix = "Give a time in seconds; 0 takes it out.";
        list.NotNegative("host.step_seconds", host.StepSeconds, fix);
        list.NotNegative("host.sequence_seconds", host.SequenceSeconds, fix);
        list.NotNegative("host.ingress_seconds", host.IngressSeconds ?? 0, fix);
        list.NotNegative("host.http_seconds", host.HttpSeconds, fix);
        list.NotNegative("host.http_seconds_per_token", host.HttpSecondsPerToken, fix);
        CheckOutput("host.detokenization_seconds_per_token", host.DetokenizationSecondsPerToken);
        CheckOutput("host.stream_seconds_per_token", host.StreamSecondsPerToken ?? 0);
        list.NotNegative("host.tokenization_seconds", host.TokenizationSeconds, fix);
        list.NotNegative("host.tokenization_seconds_per_token", host.TokenizationSecondsPerToken, fix);

        void CheckOutput(string field, double seconds) =>
            list.Require(seconds is >= 0 and <= LongestOutputSeconds, field, seconds, $"seconds from 0 to {LongestOutputSeconds}", fix);
    }

    private static void CheckMeasures(ProblemList list, SimulatorConfig config)
    {
        const string fix = "Give a time in milliseconds, or leave the objective out.";
        list.Positive("objectives.ttft_ms", config.Objectives.TtftMilliseconds, fix);
        list.Positive("objectives.tpot_ms", config.Objectives.TpotMilliseconds, fix);
        list.Positive("objectives.e2el_ms", config.Objectives.E2elMilliseconds, fix);
        list.NotNegative("price_per_gpu_hour", config.PricePerGpuHour ?? 0, "Give what one GPU costs for an hour, or leave it out.");
    }

    /// <summary>A prompt that does not fit is refused when it comes; a workload of nothing else is a mistake.</summary>
    private static void CheckSomePromptFits(ProblemList list, SimulatorConfig config)
    {
        SchedulerDefaults set = SchedulerDefaults.Resolve(config);
        WorkloadSpec workload = config.Workload;
        if (workload is { Trace: not null } or { DatasetPath: not null } || set.LongestPrompt < 1)
        {
            return;
        }

        double shortest = workload.Classes
            .Select(c => Shortest(workload, c.InputLength ?? workload.InputLength, c.Prefix ?? workload.Prefix))
            .DefaultIfEmpty(Shortest(workload, workload.InputLength, workload.Prefix)).Min();
        bool isByBudget = set.LongestPrompt < set.MaxModelLen - 1;
        list.Require(shortest <= set.LongestPrompt, "workload.input_len", shortest,
            $"at most {set.LongestPrompt}, {(isByBudget ? "max_num_batched_tokens without chunked prefill" : "one less than max_model_len")}, "
            + "or every request would be rejected",
            isByBudget ? "Shorten the prompts, turn chunked prefill on, or raise max_num_batched_tokens."
                : "Shorten the prompts, or raise max_model_len up to what the model was trained for.");
    }

    private static double Shortest(WorkloadSpec workload, LengthSpec input, PrefixSpec? prefix) =>
        Shortest(RangeRatio.Apply(input, workload.RangeRatio)) + (prefix?.Tokens ?? 0);

    private static double Shortest(LengthSpec length) =>
        length.Distribution == LengthDistribution.Fixed ? length.Mean : length.Min;
}
