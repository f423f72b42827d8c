namespace LlmSim.Specs;

/// <summary>Which requests TensorRT-LLM lets hold KV blocks (<c>CapacitySchedulerPolicy</c> in <c>tensorrt_llm/llmapi/llm_args.py</c>).</summary>
public enum CapacityPolicy
{
    /// <summary>Only those whose prompt and longest answer fit beside those of the running ones: nobody is ever thrown out.</summary>
    GuaranteedNoEvict,

    /// <summary>All whose next step fits; when blocks run short the last one started is paused, and computed again later.</summary>
    MaxUtilization,

    /// <summary>As <see cref="GuaranteedNoEvict"/>, but requests are only admitted when none is running.</summary>
    StaticBatch,
}
