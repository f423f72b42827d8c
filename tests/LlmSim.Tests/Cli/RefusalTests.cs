namespace LlmSim.Tests.Cli;

/// <summary>Bad input is refused with exit code 2 and one line a problem: field, value, what is allowed, what to do.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim").FullName;

    public static TheoryData<string, string[]> Lines { get; } = new()
    {
        { "--request-rate: -1 is not allowed", ["run", "--request-rate", "-1"] },
        { "--uncertainty: some is not allowed (fast, full or off)", ["run", "--uncertainty", "some"] },
        { "--request-rate: NaN is not allowed", ["run", "--request-rate", "nan"] },
        { "workload.num_requests: none is not allowed", ["run", "--request-rate", "inf", "--duration", "10"] },
        { "--request-rate: fast is not allowed", ["run", "--request-rate", "fast"] },
        { "--tp: 3 is not allowed (1, 2, 4, 8, 16, 32", ["run", "--tp", "3"] },
        { "--dtype: int4 is not allowed (fp16, fp32 or int8 on t4", ["run", "--gpu", "t4", "--model", "llama-3.2-1b", "--dtype", "int4"] },
        { "--engine: vlm is not allowed (vllm, sglang, trtllm, sarathi, orca, static, dynamic). Did you mean vllm?", ["run", "--engine", "vlm"] },
        { "--engine: tgi is not allowed (vllm, sglang", ["run", "--engine", "tgi"] },
        { "--chunked-prefill-size: 100 is not allowed (a multiple of page_size, which is 16)", ["run", "--engine", "sglang", "--chunked-prefill-size", "100", "--page-size", "16"] },
        { "--schedule-policy: lpm is not allowed (fcfs or lof, to use priority scheduling)", ["run", "--engine", "sglang", "--schedule-policy", "lpm", "--enable-priority-scheduling"] },
        { "--gpu-memory-utilization: 0.9 is not allowed (a knob of", ["run", "--engine", "sglang", "--gpu-memory-utilization", "0.9"] },
        { "--chunked-prefill-size: 512 is not allowed (a knob of sglang, not of vllm)", ["run", "--chunked-prefill-size", "512"] },
        { "scheduler.mem_fraction_static: 0.1 is not allowed (not enough memory: weights take", ["run", "--engine", "sglang", "--mem-fraction-static", "0.1"] },
        { "--pp: 2 is not allowed (1 with engine sglang", ["run", "--engine", "sglang", "--pp", "2"] },
        { "--engine: sglang@latest is not allowed (releases of sglang: 0.5.5, 0.5.6)", ["run", "--engine", "sglang@latest"] },
        { "--enable-chunked-prefill: true is not allowed (a knob of vllm, trtllm, static, dynamic, not of orca: it never splits prompts)",
            ["run", "--engine", "orca", "--enable-chunked-prefill"] },
        { "--gpu-memory-utilization: 0.8 is not allowed (a knob of vllm, sarathi, orca, static, dynamic, not of trtllm, which has "
            + "free_gpu_memory_fraction (--free-gpu-memory-fraction) instead)", ["run", "--engine", "trtllm", "--gpu-memory-utilization", "0.8"] },
        { "--capacity-scheduler-policy: max_utilization is not allowed (a knob of trtllm, not of vllm)",
            ["run", "--capacity-scheduler-policy", "max_utilization"] },
        { "--capacity-scheduler-policy: static_batch is not allowed (not together with enable_chunked_prefill",
            ["run", "--engine", "trtllm", "--enable-chunked-prefill", "--capacity-scheduler-policy", "static_batch"] },
        { "--capacity-scheduler-policy: max_utilization is not allowed (without chunked prefill max_num_batched_tokens (1024) at least",
            ["run", "--engine", "trtllm", "--max_num_tokens", "1024", "--capacity-scheduler-policy", "max_utilization"] },
        { "--capacity-scheduler-policy: greedy is not allowed (guaranteed_no_evict, max_utilization, static_batch)",
            ["run", "--engine", "trtllm", "--capacity-scheduler-policy", "greedy"] },
        { "--free-gpu-memory-fraction: 1.5 is not allowed (above 0, at most 1)",
            ["run", "--engine", "trtllm", "--free-gpu-memory-fraction", "1.5"] },
        { "--input-len: 2000 is not allowed (at most 1024, max_num_batched_tokens without chunked prefill",
            ["run", "--engine", "trtllm", "--max_num_tokens", "1024", "--input-len", "2000"] },
        { "--max_num_tokens: 16 is not allowed (at least block_size (32), the unit of chunks)",
            ["run", "--engine", "trtllm", "--enable-chunked-prefill", "--max_num_tokens", "16", "--max_batch_size", "8"] },
        { "--batching: static is not allowed (not together with engine orca, which is continuous)",
            ["run", "--engine", "orca", "--batching", "static"] },
        { "--batching: dynamic is not allowed (not together with engine static, which is static)",
            ["run", "--engine", "static", "--batching", "dynamic"] },
        { "--engine: vllm@0.21.0 is not allowed (releases of vllm: 0.8.5 to 0.19)", ["run", "--engine", "vllm@0.21"] },
        { "--policy: sjf is not allowed (fcfs, with static", ["run", "--engine", "static", "--policy", "sjf"] },
        { "--batching: dynamic is not allowed (not together with engine static, which is static)",
            ["run", "--engine", "static", "--batching", "dynamic"] },
        { "--async-scheduling: true is not allowed (not before vllm@0.10; this is vllm@0.8.5)",
            ["run", "--engine", "vllm@0.8.5", "--async-scheduling"] },
        { "It fits with --tp 8 --num-gpus 16.", ["run", "--model", "llama-3.1-405b", "--gpu", "h100", "--tp", "2", "--pp", "2", "--num-gpus", "4"] },
        { "--pp: 33 is not allowed (at most the 32 layers of llama-2-7b)", ["run", "--pp", "33"] },
        { "--dp: 0 is not allowed (at least 1)", ["run", "--dp", "0"] },
        { "on 4 fit 1 x 1 x 2, 1 x 2 x 2, 2 x 1 x 2, 2 x 2 x 1", ["run", "--tp", "2", "--pp", "2", "--dp", "2", "--num-gpus", "4"] },
        { "--router: random is not allowed (round_robin, least_outstanding, least_kv, power_of_two)", ["run", "--router", "random"] },
        { "known: a100-40gb", ["models", "--gpu", "gtx-480"] },
        { "Did you mean llama-2-7b", ["run", "--model", "lama-2-7b"] },
        { "Did you mean h100-80gb-sxm", ["run", "--gpu", "h100-80g-sxm"] },
        { "--output-len: 0 is not allowed", ["run", "--output-len", "0"] },
        { "--input-len: 5000 is not allowed (at most 4095", ["run", "--input-len", "5000"] },
        { "--max-model-len: 1 is not allowed", ["run", "--max-model-len", "1"] },
        { "--block-size: 17 is not allowed (a power of two", ["run", "--block-size", "17"] },
        { "It fits with --tp 2, or with --gpu b200-180gb-sxm, or with --dtype int8.", ["run", "--model", "llama-2-70b"] },
        { "--batching: orca is not allowed (continuous, static, dynamic", ["run", "--batching", "orca"] },
        { "--batch-size: 8 is not allowed (only with static or dynamic batching)", ["run", "--batch-size", "8"] },
        { "--batch-size: 300 is not allowed (at most max_num_seqs, which is 256)",
            ["run", "--batching", "static", "--batch-size", "300"] },
        { "--batch-size: 9 is not allowed (with max_concurrency 8 at most 8",
            ["run", "--batching", "static", "--batch-size", "9", "--max-concurrency", "8"] },
        { "--batch-size: 0 is not allowed", ["run", "--batching", "static", "--batch-size", "0"] },
        { "--batch-window: 1 is not allowed (only with dynamic batching)", ["run", "--batching", "static", "--batch-window", "1"] },
        { "--batch-window: -1 is not allowed (seconds from 0", ["run", "--batching", "dynamic", "--batch-window", "-1"] },
        { "--policy: sjf is not allowed (fcfs, with static", ["run", "--batching", "static", "--policy", "sjf"] },
        { "--scheduling-policy: priority is not allowed (fcfs or sjf, or priority with workload.classes",
            ["run", "--scheduling-policy", "priority"] },
        { "--policy: edf is not allowed (edf only where every request has a deadline", ["run", "--policy", "edf"] },
        { "--policy: fair is not allowed (fair only with workload.classes", ["run", "--policy", "fair"] },
        { "--prediction-error: 0.5 is not allowed (only with policy: sjf", ["run", "--prediction-error", "0.5"] },
        { "--prediction-error: -1 is not allowed (from 0 to 10", ["run", "--policy", "sjf", "--prediction-error", "-1"] },
        { "--max-queued-requests: 0 is not allowed (at least 1)", ["run", "--max-queued-requests", "0"] },
        { "--max-queued-requests: 5 is not allowed (with max_concurrency only if clients think",
            ["run", "--max-queued-requests", "5", "--max-concurrency", "9"] },
        { "--max-queued-requests: 5 is not allowed (with static batches of 8 at least 8",
            ["run", "--batching", "static", "--batch-size", "8", "--max-queued-requests", "5"] },
        { "--timeout: -1 is not allowed (a finite number above 0)", ["run", "--timeout", "-1"] },
        { "--ttft-timeout: a time-out is not allowed (none with static or dynamic batching",
            ["run", "--batching", "static", "--ttft-timeout", "3"] },
        { "--preemption: drop is not allowed (recompute, swap)", ["run", "--preemption", "drop"] },
        { "--preemption: swap is not allowed (recompute, with static", ["run", "--batching", "static", "--preemption", "swap"] },
        { "--swap-space: -1 is not allowed (GiB of host memory", ["run", "--preemption", "swap", "--swap-space", "-1"] },
        { "--swap-space: NaN is not allowed (GiB of host memory", ["run", "--preemption", "swap", "--swap-space", "nan"] },
        { "--swap-space: 8 is not allowed (only with preemption: swap)", ["run", "--swap-space", "8"] },
        { "--sed: this flag is not allowed (a flag of llmsim run). Did you mean --seed?", ["run", "--sed", "3"] },
        { "--seed: 1 and 2 is not allowed (one value). Give the flag once.", ["run", "--seed", "1", "--seed", "2"] },
        { "--seed: nothing is not allowed", ["run", "--seed"] },
        { "--no-async-scheduling: this flag is not allowed (not together with --async-scheduling)",
            ["run", "--async-scheduling", "--no-async-scheduling"] },
        { "rnu: this word is not allowed (run, capacity, ", ["rnu"] },
        { "--batch: x is not allowed (a whole number)", ["explain", "--batch", "x"] },
        { "--batch: 257 is not allowed (with the chunk at most max_num_seqs, 256)", ["explain", "--batch", "257"] },
        { "/no/such/scenario.yaml: no such file is not allowed", ["run", "/no/such/scenario.yaml"] },
        { "PATH: nothing is not allowed (required)", ["conformance"] },
        { "workload.trace: /no/such/trace.csv (no such file)", ["run", "--trace", "/no/such/trace.csv"] },
        { "--trace-scale: 2 is not allowed (only with a trace)", ["run", "--trace-scale", "2"] },
        { "workload.dataset: /no/such/pairs.csv (no such file)", ["check", "--dataset", "/no/such/pairs.csv"] },
        { "/no/such/lengths.csv (no such file)", ["check", "--input-len", "empirical:/no/such/lengths.csv"] },
        { "--request-rate: 3 is not allowed (not together with a ramp", ["run", "--rate-curve", "linear:start=1,end=9", "--request-rate", "3"] },
        { "--think-time: 3 is not allowed (only with max_concurrency or turns)", ["run", "--think-time", "3"] },
        { "--json: /no/such/folder/x.json is not allowed", ["run", "--json", "/no/such/folder/x.json"] },
        { "--json and --events: - is not allowed (a file each)", ["run", "--json", "-", "--events", "-"] },
        { "--goodput: ttfft:3 is not allowed (objectives in milliseconds such as", ["run", "--goodput", "ttfft:3"] },
        { "--goodput: itl:3 is not allowed (objectives in milliseconds such as", ["run", "--goodput", "itl:3"] },
        { "--goodput: ttft is not allowed (objectives in milliseconds such as", ["run", "--goodput", "ttft"] },
        { "--goodput: ttft:1 ttft:2 is not allowed", ["run", "--goodput", "ttft:1", "ttft:2"] },
        { "--goodput: -1 is not allowed (a finite number above 0)", ["run", "--goodput", "ttft:500", "tpot:-1"] },
        { "--goodput: soon is not allowed (a number)", ["run", "--goodput", "ttft:soon"] },
        { "--goodput: nothing is not allowed", ["run", "--goodput"] },
        { "--price-per-gpu-hour: -1 is not allowed (a finite number, at least 0)", ["run", "--price-per-gpu-hour", "-1"] },
        { "--metric-percentiles: x is not allowed (numbers from 0 to 100)", ["run", "--metric-percentiles", "50,x"] },
        { "--metric-percentiles: 101 is not allowed (numbers from 0 to 100)", ["run", "--metric-percentiles", "101"] },
        { "--metric-percentiles: nothing is not allowed (numbers from 0 to 100)", ["run", "--metric-percentiles", "50,"] },
        { "--series-interval: 2 is not allowed (only with --series)", ["run", "--series-interval", "2"] },
        { "--series-interval: 0 is not allowed (a number of seconds", ["run", "--series", "/dev/null", "--series-interval", "0"] },
        { "--series: /no/such/folder/x.csv is not allowed", ["run", "--series", "/no/such/folder/x.csv"] },
        { "--bench-json: /no/such/folder/x.json is not allowed", ["run", "--bench-json", "/no/such/folder/x.json"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_problem_is_one_clear_line(string words, string[] args) =>
        Assert.Contains(words, Assert.Single(Terminal.Problems(args)), StringComparison.Ordinal);

    [Fact]
    public void All_problems_come_at_once()
    {
        string scenario = Write("bad.yaml", "model: llama-2-7b\nscheduler:\n  max_num_seq: 5\nworkload:\n  request_rate: -3\nfoo: 1\n");
        string[] problems = Terminal.Problems("run", scenario, "--block-size", "3", "--json", "/no/such/folder/x.json");
        Assert.Equal(
            ["foo", "scheduler.max_num_seq", "--block-size", "workload.request_rate", "--json"],
            problems.Select(problem => problem.Split(" is not allowed")[0].Split(": ")).Select(words => words.Length == 2 ? words[0] : words[1]));
        Assert.Contains($"{scenario}:3: scheduler.max_num_seq", problems[1], StringComparison.Ordinal);
        Assert.Contains("Did you mean max_num_seqs?", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_torn_trace_is_named_by_its_line_and_leaves_the_old_result()
    {
        string trace = Write("torn.csv", "arrival_s,input_tokens,output_tokens\n0,10,10\n1,10,10\n2,1");
        string result = Write("result.json", "old");
        Assert.Contains("torn.csv:4", Assert.Single(Terminal.Problems("run", "--trace", trace, "--json", result)), StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(result));
        Assert.Equal(["result.json", "torn.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Check_finds_every_bad_row_of_a_trace()
    {
        string trace = Write("bad.csv", "arrival_s,input_tokens,output_tokens\n0,10,10\n-1,10,10\n3,10,0\n2,10,10\n");
        string[] problems = Terminal.Problems("check", "--trace", trace);
        Assert.Equal([3, 4, 5], problems.Select(problem => int.Parse(problem.Split(':', ' ')[1])));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
