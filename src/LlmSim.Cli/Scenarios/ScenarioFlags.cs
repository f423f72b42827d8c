namespace LlmSim.Cli.Scenarios;

/// <summary>The flags that describe a scenario. Each stands for a key of scenario files and takes the same values.</summary>
internal static class ScenarioFlags
{
    /// <summary>Heading of what the requests are.</summary>
    public const string Workload = "Workload";

    /// <summary>Heading of what serves them.</summary>
    public const string Deployment = "Model and GPUs";

    /// <summary>Heading of the engine's knobs.</summary>
    public const string Engine = "Engine (names of vllm serve)";

    /// <summary>Heading of SGLang's knobs.</summary>
    public const string Sglang = "Engine sglang (names of sglang.launch_server)";

    private const string Measures = "Measures";
    private const string Simulation = "Simulation";

    /// <summary>All flags, in the order of the help.</summary>
    public static IReadOnlyList<ScenarioFlag> All { get; } =
    [
        new(Deployment, "--model", "model", "NAME|PATH", "Model: a name (llmsim models) or a config.json. Default llama-2-7b."),
        new(Deployment, "--dtype", "dtype", "TYPE", "Weights: bf16, fp16, fp32, fp8, int8, int4, mxfp4. Default: the model's own."),
        new(Deployment, "--kv-cache-dtype", "kv_cache_dtype", "TYPE", "KV cache: auto or a type. Default auto."),
        new(Deployment, "--sampling", "sampling", "MODE", "random, greedy, top_k or top_p, which sorts all logits. Default: the model's own."),
        new(Deployment, "--gpu", "gpu", "NAME", "GPU; llmsim gpus lists them. Default a100-80gb-sxm."),
        new(Deployment, "--profile", "profile", "FILE|auto|none", "Kernel times from llmsim calibrate (other:FILE of another GPU or engine); auto: those that come with llmsim; none: datasheet rates. Default auto."),
        new(Deployment, "--num-gpus", "num_gpus", "N", "GPUs at hand. Default: as many as --tp."),
        new(Deployment, "--interconnect", "interconnect", "NAME", "Link between the GPUs. Default: the GPU's own."),
        new(Deployment, "--tp", "tensor_parallel", "N", "GPUs that share each layer. Default 1.", "--tensor-parallel-size", "-tp"),
        new(Deployment, "--pp", "pipeline_parallel", "N", "Pipeline stages. Default 1.", "--pipeline-parallel-size", "-pp"),
        new(Deployment, "--dp", "data_parallel", "N", "Replicas behind a router. Default 1.", "--data-parallel-size", "-dp"),
        new(Deployment, "--router", "router", "POLICY", "round_robin, least_outstanding, least_kv or power_of_two. Default round_robin."),
        new(Deployment, "--gpus-per-node", "gpus_per_node", "N", "GPUs in a node. Default 8."),
        new(Deployment, "--node-interconnect", "node_interconnect", "NAME", "Link between nodes. Default infiniband-ndr."),

        new(Engine, "--engine", "engine", "NAME", "vllm@0.8.5 to vllm@0.19, sglang, trtllm, sarathi, orca, static, dynamic (llmsim engines). Default vllm, the newest."),
        new(Engine, "--batching", "scheduler.batching", "KIND", "continuous, static or dynamic. Default: as the engine has it."),
        new(Engine, "--batch-size", "scheduler.batch_size", "N", "Requests a static or dynamic batch waits for. Default max_num_seqs."),
        new(Engine, "--batch-window", "scheduler.batch_window", "SECONDS", "How long a dynamic batch waits to fill. Default 0."),
        new(Engine, "--policy", "scheduler.policy", "POLICY", "Waiting queue: fcfs, priority (of classes), sjf, edf, fair. Default fcfs.",
            "--scheduling-policy"),
        new(Engine, "--prediction-error", "scheduler.prediction_error", "SIGMA",
            "How far the lengths that sjf goes by are off: deviation of their logarithm. Default 0."),
        new(Engine, "--max-queued-requests", "scheduler.max_queued_requests", "N",
            "Refuse what comes when so many wait, as SGLang. Default: no limit."),
        new(Engine, "--preemption", "scheduler.preemption", "MODE",
            "What is thrown out when KV blocks run short: recompute, or swap to host memory. Default recompute."),
        new(Engine, "--swap-space", "scheduler.swap_space_gib", "GIB", "Host memory for that, per GPU. Default 4."),
        new(Engine, "--max-num-seqs", "scheduler.max_num_seqs", "N", "Most sequences running at once. Default 256 or 1024.",
            "--max-running-requests", "--max_batch_size"),
        new(Engine, "--max-num-batched-tokens", "scheduler.max_num_batched_tokens", "N", "Most tokens in one step. Default 2048 or 8192.",
            "--max_num_tokens"),
        new(Engine, "--max-model-len", "scheduler.max_model_len", "N", "Longest prompt plus output. Default: the model's own.",
            "--context-length", "--max_seq_len"),
        new(Engine, "--gpu-memory-utilization", "scheduler.gpu_memory_utilization", "SHARE", "Share of the GPU's memory to use. Default 0.9."),
        new(Engine, "--free-gpu-memory-fraction", "scheduler.free_gpu_memory_fraction", "SHARE",
            "trtllm: share of the memory left free for KV blocks. Default 0.9.", "--kv_cache_free_gpu_memory_fraction"),
        new(Engine, "--capacity-scheduler-policy", "scheduler.capacity_scheduler_policy", "POLICY",
            "trtllm: guaranteed_no_evict, max_utilization or static_batch. Default guaranteed_no_evict."),
        new(Engine, "--block-size", "scheduler.block_size", "N", "Tokens per KV block. Default 16.", "--page-size"),
        new(Engine, "--num-gpu-blocks-override", "scheduler.num_gpu_blocks_override", "N", "KV blocks. Default: what fits the memory."),
        new(Engine, "--enable-prefix-caching", "scheduler.enable_prefix_caching", null, "Find prompts computed before. The default."),
        new(Engine, "--no-enable-prefix-caching", "scheduler.enable_prefix_caching", null, "Do not.") { Sets = "false" },
        new(Engine, "--enable-chunked-prefill", "scheduler.enable_chunked_prefill", null, "Split prompts over steps. The default."),
        new(Engine, "--no-enable-chunked-prefill", "scheduler.enable_chunked_prefill", null, "Do not.") { Sets = "false" },
        new(Engine, "--long-prefill-token-threshold", "scheduler.long_prefill_token_threshold", "N",
            "Most prompt tokens of one request in a step. Default 0: no limit."),
        new(Engine, "--async-scheduling", "scheduler.async_scheduling", null, "Schedule a step while another runs. The default."),
        new(Engine, "--no-async-scheduling", "scheduler.async_scheduling", null, "Do not.") { Sets = "false" },

        new(Sglang, "--chunked-prefill-size", "scheduler.chunked_prefill_size", "N",
            "Most prompt tokens of a prefill step; -1: prompts are never split. Default 2048 to 16384, by the GPU's memory."),
        new(Sglang, "--max-prefill-tokens", "scheduler.max_prefill_tokens", "N",
            "Prompt tokens at which a prefill step takes nobody else. Default 16384."),
        new(Sglang, "--mem-fraction-static", "scheduler.mem_fraction_static", "SHARE",
            "Share of the GPU's memory for weights and KV cache. Default: what activations and graphs leave."),
        new(Sglang, "--max-total-tokens", "scheduler.max_total_tokens", "N", "Most tokens of KV cache. Default: what fits the memory."),
        new(Sglang, "--schedule-policy", "scheduler.schedule_policy", "POLICY", "Waiting queue: fcfs, lpm, lof, dfs-weight. Default fcfs."),
        new(Sglang, "--schedule-conservativeness", "scheduler.schedule_conservativeness", "X",
            "Larger admits later and throws out less. Default 1."),
        new(Sglang, "--enable-mixed-chunk", "scheduler.enable_mixed_chunk", null, "Decode in prefill steps too."),
        new(Sglang, "--enable-priority-scheduling", "scheduler.enable_priority_scheduling", null, "Heed the priorities of classes."),
        new(Sglang, "--priority-scheduling-preemption-threshold", "scheduler.priority_scheduling_preemption_threshold", "N",
            "By how much more urgent throws out a running request. Default 10."),
        new(Sglang, "--schedule-low-priority-values-first", "scheduler.schedule_low_priority_values_first", null,
            "A smaller priority is more urgent."),
        new(Sglang, "--disable-radix-cache", "scheduler.enable_prefix_caching", null, "As --no-enable-prefix-caching.") { Sets = "false" },
        new(Sglang, "--disable-overlap-schedule", "scheduler.async_scheduling", null, "As --no-async-scheduling.") { Sets = "false" },

        new(Workload, "--arrival", "workload.arrival", "LAW", "Gaps between requests: poisson or deterministic. Default poisson."),
        new(Workload, "--request-rate", "workload.request_rate", "RATE", "Requests per second; inf: all at once. Default 2."),
        new(Workload, "--burstiness", "workload.burstiness", "SHAPE", "Gamma shape of the gaps: below 1 bursty, 1 Poisson, inf even. Default 1."),
        new(Workload, "--rate-curve", "workload.rate_curve", "CURVE",
            "Rate over time: linear:start=1,end=10, exponential:..., diurnal:amplitude=0.5,period=86400, bursts:on=10,off=50."),
        new(Workload, "--ramp-up-strategy", "workload.rate_curve.curve", "CURVE", "A ramp of the rate: linear or exponential."),
        new(Workload, "--ramp-up-start-rps", "workload.rate_curve.start", "RATE", "Requests per second at its start."),
        new(Workload, "--ramp-up-end-rps", "workload.rate_curve.end", "RATE", "Requests per second at its end."),
        new(Workload, "--max-concurrency", "workload.max_concurrency", "N",
            "Clients that wait for an answer before they send again; the rate is then inf by default. Default: no limit."),
        new(Workload, "--think-time", "workload.think_time", "SECONDS", "From an answer to the client's next request or turn. Default 0."),
        new(Workload, "--turns", "workload.turns", "LENGTH",
            "Conversations of so many turns, each of which repeats all before; as --input-len. Default: single requests."),
        new(Workload, "--num-sessions", "workload.num_sessions", "N", "How many conversations begin. Default 1000.",
            "--num-conversations"),
        new(Workload, "--timeout", "workload.timeout", "SECONDS", "Clients give up a request unless it is answered by then. Default: never."),
        new(Workload, "--ttft-timeout", "workload.ttft_timeout", "SECONDS", "Or unless it has a first token. Default: never."),
        new(Workload, "--num-requests", "workload.num_requests", "N", "How many. Default 1000, or all of a trace.", "--num-prompts"),
        new(Workload, "--duration", "workload.duration", "SECONDS", "Send no request later than this. Default: no limit."),
        new(Workload, "--input-len", "workload.input_len", "LENGTH",
            "Prompt tokens: 512, uniform:128..1024, lognormal:mean=512,sigma=0.8, normal, exponential, zipf, pareto, empirical:FILE. Default 512.",
            "--random-input-len", "--prefix-repetition-suffix-len"),
        new(Workload, "--output-len", "workload.output_len", "LENGTH", "Output tokens, likewise. Default 128.",
            "--random-output-len", "--prefix-repetition-output-len"),
        new(Workload, "--range-ratio", "workload.range_ratio", "RATIO", "Spread of fixed lengths, both ways. Default 0.",
            "--random-range-ratio"),
        new(Workload, "--length-correlation", "workload.length_correlation", "RHO",
            "Rank correlation of prompt and output length. Default 0."),
        new(Workload, "--prefix-len", "workload.prefix_len", "N",
            "Tokens that prompts begin with in common, on top of their length. Default 0.",
            "--random-prefix-len", "--prefix-repetition-prefix-len"),
        new(Workload, "--num-prefixes", "workload.num_prefixes", "N", "How many such prefixes there are. Default 1.",
            "--prefix-repetition-num-prefixes"),
        new(Workload, "--prefix-skew", "workload.prefix_skew", "POWER", "Zipf's power that they are chosen with. Default 0: alike."),
        new(Workload, "--distinct-prompts", "workload.distinct_prompts", "N",
            "Send only so many different requests, again and again. Default: all differ."),
        new(Workload, "--dataset", "workload.dataset", "FILE", "Draw pairs of lengths from a file: CSV, a trace, ShareGPT JSON.",
            "--dataset-path"),
        new(Workload, "--trace", "workload.trace", "FILE", "Replay a trace instead: CSV or Mooncake JSON lines, plain or gzip."),
        new(Workload, "--trace-scale", "workload.trace_scale", "FACTOR", "Factor on the trace's request rate. Default 1."),
        new(Workload, "--trace-span", "workload.trace_span", "SECONDS", "Stretch the trace so that it lasts this long."),
        new(Workload, "--trace-start", "workload.trace_start", "SECONDS", "Leave out what comes before. Default 0."),
        new(Workload, "--trace-end", "workload.trace_end", "SECONDS", "Leave out what comes from here on. Default: nothing."),
        new(Workload, "--trace-repeat", "workload.trace_repeat", "N", "Send it this many times in a row. Default 1."),
        new(Workload, "--trace-class", "workload.trace_class", "NAME", "Leave out the requests of other classes. Default: none."),

        new(Measures, "--goodput", "objectives", "SLO...",
            "Count requests that keep these, in ms: ttft:500 tpot:50 e2el:8000.") { TakesMany = true },
        new(Measures, "--price-per-gpu-hour", "price_per_gpu_hour", "PRICE", "Work out the cost of a million tokens."),
        new(Measures, "--clock", "clock", "CLOCK", "client: with HTTP, tokenisation and streaming; engine: without. Default client."),

        new(Simulation, "--seed", "seed", "N", "Seed of every random stream. Default 0."),
        new(Simulation, "--step-by-step", "step_by_step", null, "Walk every step in the plain engine: slow, same results."),
    ];
}
