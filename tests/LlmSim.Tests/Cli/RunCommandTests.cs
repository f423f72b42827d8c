using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Reporting;
using LlmSim.Scenarios;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim").FullName;

    [Fact]
    public void Flags_yaml_json_and_csharp_give_the_same_bytes()
    {
        string yaml = Write("scenario.yaml", """
            model: llama-3.1-8b
            gpu: h100-80gb-sxm
            tensor_parallel: 2
            scheduler:
              max_num_seqs: 64
              long_prefill_token_threshold: 0
            workload:
              request_rate: 12.5
              num_requests: 300
              input_len: lognormal:mean=700,sigma=0.6
              output_len: uniform:10..300
            seed: 42
            """);
        string json = Write("scenario.json", """
            {"model": "llama-3.1-8b", "gpu": "h100-80gb-sxm", "tensor_parallel": 2, "seed": 42,
             "scheduler": {"max_num_seqs": 64},
             "workload": {"request_rate": 12.5, "num_requests": 300,
                          "input_len": "lognormal:mean=700,sigma=0.6", "output_len": "uniform:10..300"}}
            """);
        var config = new SimulatorConfig
        {
            Model = ModelCatalog.Get("llama-3.1-8b"),
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("h100-80gb-sxm") },
            Parallelism = new ParallelismSpec { TensorParallel = 2 },
            Scheduler = new SchedulerSpec { MaxNumSeqs = 64 },
            Workload = new WorkloadSpec
            {
                RequestRatePerSecond = 12.5,
                NumRequests = 300,
                InputLength = LengthSpec.Lognormal(700, 0.6),
                OutputLength = LengthSpec.Uniform(10, 300),
            },
            Seed = 42,
        };

        string expected = Json(config);
        Assert.Equal(expected, Result(yaml));
        Assert.Equal(expected, Result(json));
        Assert.Equal(expected, Result("--config", yaml));
        Assert.Equal(expected, Result(
            "--model", "meta-llama/Llama-3.1-8B", "--gpu", "h100", "--tensor-parallel-size", "2", "--max-num-seqs=64", "--request-rate", "12.5",
            "--num-prompts", "300", "--random-input-len", "lognormal:mean=700,sigma=0.6", "--output-len", "uniform:10..300", "--seed", "42"));
        Assert.Equal(expected, Json(ScenarioJson.Parse(JsonNode.Parse(expected)!["scenario"]!.ToJsonString())));
    }

    [Fact]
    public void Flags_are_laid_over_the_file()
    {
        string yaml = Write("scenario.yaml", "seed: 1\nworkload:\n  num_requests: 50\n");
        JsonNode scenario = JsonNode.Parse(Result(yaml, "--seed", "2"))!["scenario"]!;
        Assert.Equal((2, 50), ((int)scenario["seed"]!, (int)scenario["workload"]!["num_requests"]!));
    }

    [Fact]
    public void Intervals_change_no_figure_and_stand_beside_them()
    {
        string[] load = ["--num-requests", "400", "--request-rate", "12", "--goodput", "ttft:60", "--price-per-gpu-hour", "2"];
        JsonObject with = JsonNode.Parse(Result(load))!.AsObject(), without = JsonNode.Parse(Result([.. load, "--uncertainty", "off"]))!.AsObject();
        Assert.Equal("fast", (string)with["uncertainty"]!["mode"]!);
        foreach (string figure in new[] { "duration", "throughput_tokens_per_sec", "request_goodput", "gpu_utilization" })
        {
            AssertBetween(with, figure);
        }

        foreach (string latency in new[] { "first_token_latency", "time_per_output_token", "inter_token_latency", "end_to_end_latency", "prefill_latency" })
        {
            AssertBetween(with[latency]!.AsObject(), "mean");
            AssertBetween(with[latency]!.AsObject(), "p99");
        }

        Remove(with);
        Assert.Equal(without.ToJsonString(), with.ToJsonString());

        static void AssertBetween(JsonObject figures, string name) => Assert.InRange(
            (double)figures[name]!, (double)figures[$"{name}_pi80"]![0]!, (double)figures[$"{name}_pi80"]![1]!);

        static void Remove(JsonObject from)
        {
            from.Remove("uncertainty");
            foreach (string key in from.Select(pair => pair.Key).ToArray())
            {
                if (key.EndsWith("_pi80", StringComparison.Ordinal))
                {
                    from.Remove(key);
                }
                else if (from[key] is JsonObject below)
                {
                    Remove(below);
                }
            }
        }
    }

    [Fact]
    public void The_plain_engine_gives_the_same_figures()
    {
        string[] load = ["--num-requests", "400", "--request-rate", "12", "--output-len", "uniform:1..400"];
        JsonObject fast = JsonNode.Parse(Result(load))!.AsObject();
        JsonObject plain = JsonNode.Parse(Result([.. load, "--step-by-step"]))!.AsObject();
        fast.Remove("scenario");
        plain.Remove("scenario");
        Assert.Equal(fast.ToJsonString(), plain.ToJsonString());
    }

    [Fact]
    public void Writes_a_row_for_each_request_and_every_event()
    {
        string requests = Path.Combine(_folder, "requests.csv"), events = Path.Combine(_folder, "events.jsonl");
        Assert.Equal("", Terminal.Print("run", "--num-requests", "20", "--output-len", "5", "--requests", requests, "--events", events, "-q"));
        Assert.Equal(21, File.ReadAllLines(requests).Length);
        var kinds = File.ReadLines(events).Select(line => (string)JsonNode.Parse(line)!["event"]!).CountBy(kind => kind).ToDictionary();
        Assert.Equal((20, 20, 100), (kinds["RequestArrived"], kinds["RequestFinished"], kinds["TokenEmitted"]));
    }

    [Theory]
    [InlineData("--pp", "2", "--dp", "2")]
    [InlineData("--batching", "static")]
    [InlineData("--batching", "dynamic")]
    [InlineData("--engine", "sglang")]
    [InlineData("--engine", "tensorrt-llm")]
    public void A_timeline_changes_no_figure_and_is_the_same_each_time(params string[] engine)
    {
        string[] load = [.. engine, "--num-requests", "60", "--request-rate", "20", "--output-len", "uniform:1..40", "--uncertainty", "off"];
        string first = Path.Combine(_folder, "first.json"), second = Path.Combine(_folder, "second.json");
        Assert.Equal(Terminal.Print(["run", .. load]), Terminal.Print(["run", .. load, "--timeline", first]));
        Terminal.Print(["run", .. load, "--timeline", second, "-q"]);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        string[] names = [.. JsonNode.Parse(File.ReadAllBytes(first))!["traceEvents"]!.AsArray().Where(e => (string)e!["ph"]! == "n").Select(e => (string)e!["name"]!)];
        Assert.Equal(60, names.Count(name => name == "finished"));
    }

    [Fact]
    public void A_timeline_of_a_window_after_the_run_is_empty_and_says_so()
    {
        string timeline = Path.Combine(_folder, "timeline.json");
        Terminal terminal = Terminal.Run("run", "--num-requests", "5", "--timeline", timeline, "--timeline-window", "1000s..", "-q");
        Assert.Equal((0, "llmsim: --timeline is empty: the run ends before --timeline-window begins.\n"), (terminal.ExitCode, terminal.Errors));
        Assert.All(JsonNode.Parse(File.ReadAllBytes(timeline))!["traceEvents"]!.AsArray(), e => Assert.Equal("M", (string)e!["ph"]!));
    }

    [Fact]
    public void Objectives_and_price_are_the_same_as_flags_and_keys()
    {
        string yaml = Write("scenario.yaml", "objectives: {ttft_ms: 60, e2el_ms: 1700}\nprice_per_gpu_hour: 2.5\nworkload: {num_requests: 200}\n");
        string expected = Result(yaml);
        Assert.Equal(expected, Result("--goodput", "ttft:60", "e2el:1700", "--price-per-gpu-hour", "2.5", "--num-requests", "200"));
        Assert.Equal(expected, Result("--goodput", "ttft:60", "--goodput", "e2el:1700", "--price-per-gpu-hour", "2.5", "--num-requests", "200"));
        Assert.InRange((double)JsonNode.Parse(expected)!["goodput"]!["share"]!, 0.5, 0.999);
    }

    [Fact]
    public void The_benchmark_file_has_the_fields_of_vllm_bench_serve_in_milliseconds()
    {
        string path = Path.Combine(_folder, "bench.json");
        string result = Result("--num-requests", "300", "--bench-json", path, "--goodput", "ttft:60");
        string text = File.ReadAllText(path);
        JsonObject bench = JsonNode.Parse(text)!.AsObject();
        string[] latencies = [.. new[] { "ttft", "tpot", "itl", "e2el" }
            .SelectMany(name => new[] { $"mean_{name}_ms", $"median_{name}_ms", $"std_{name}_ms", $"p99_{name}_ms" })];
        string[] fields =
        [
            "date", "endpoint_type", "backend", "label", "model_id", "tokenizer_id", "num_prompts", "request_rate", "burstiness",
            "max_concurrency", "duration", "completed", "failed", "total_input_tokens", "total_output_tokens", "request_throughput",
            "request_goodput", "output_throughput", "total_token_throughput", "max_output_tokens_per_s", "max_concurrent_requests",
            .. latencies,
        ];
        Assert.Equal(fields, bench.Select(field => field.Key));
        JsonNode json = JsonNode.Parse(result)!;
        Assert.Equal((double)json["first_token_latency"]!["p99"]! * 1e3, (double)bench["p99_ttft_ms"]!, 1e-6);
        Assert.Equal((double)json["request_goodput"]!, (double)bench["request_goodput"]!);
        Assert.InRange((double)bench["max_output_tokens_per_s"]!, (double)bench["output_throughput"]!, 5000);
        Assert.InRange((int)bench["max_concurrent_requests"]!, 3, 20);

        Result("--num-requests", "300", "--bench-json", path, "--goodput", "ttft:60", "--step-by-step");
        Assert.Equal(text, File.ReadAllText(path));
        Result("--num-requests", "10", "--bench-json", path, "--request-rate", "inf", "--metric-percentiles", "25,99.9");
        bench = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        Assert.Equal("inf", (string)bench["request_rate"]!);
        Assert.True(bench.ContainsKey("p99.9_ttft_ms") && bench.ContainsKey("p25_e2el_ms") && !bench.ContainsKey("p99_ttft_ms"));
    }

    [Fact]
    public void The_series_adds_up_and_is_the_same_in_both_engines()
    {
        string path = Path.Combine(_folder, "series.csv");
        string[] load = ["--num-requests", "300", "--request-rate", "9", "--output-len", "uniform:1..300", "--series", path, "--series-interval", "0.5"];
        JsonNode result = JsonNode.Parse(Result(load))!;
        string text = File.ReadAllText(path);
        string[][] rows = [.. text.TrimEnd().Split('\n').Skip(1).Select(line => line.Split(','))];
        Assert.StartsWith("time_s,interval_s,arrivals,finished,waiting,running,kv_cache_usage,output_tokens,output_tokens_per_s,busy\n", text, StringComparison.Ordinal);
        Assert.Equal((300, 300), (rows.Sum(row => int.Parse(row[2])), rows.Sum(row => int.Parse(row[3]))));
        Assert.Equal((long)result["total_tokens_generated"]!, rows.Sum(row => long.Parse(row[7])));
        Assert.Equal(["0.000000000", "0.500000000", "1.000000000"], rows.Take(3).Select(row => row[0]));
        Result([.. load, "--step-by-step"]);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void Ctrl_C_ends_with_130_and_marks_what_was_measured_as_partial()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs POSIX signals");
        string result = Path.Combine(_folder, "result.json");
        string command = Path.Combine(AppContext.BaseDirectory, "LlmSim.Cli.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [command, "run", "--num-requests", "1000000000", "--json", result])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // The result file is opened before the run, and Ctrl-C is listened to from then on.
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(_folder).Length > 0, TimeSpan.FromSeconds(30)));
        Thread.Sleep(500);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
        {
            kill.WaitForExit();
        }

        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("Stopped early", output, StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse(File.ReadAllText(result))!["partial"]!);
    }

    [Fact]
    public void Standard_output_carries_nothing_but_the_json()
    {
        string command = Path.Combine(AppContext.BaseDirectory, "LlmSim.Cli.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [command, "run", "--num-requests", "10", "--json", "-"])
        {
            RedirectStandardOutput = true,
        })!;
        using JsonDocument document = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        Assert.Equal(10, document.RootElement.GetProperty("completed_requests").GetInt32());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Json(SimulatorConfig config)
    {
        SimulationStatistics statistics = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        return System.Text.Encoding.UTF8.GetString(ResultJson.ToUtf8(
            statistics, config.Seed, "0.1.0", json => ScenarioJson.Write(json, config),
            intervals: FigureIntervals.Of(config, statistics, UncertaintyMode.Fast)));
    }

    private string Result(params string[] args)
    {
        string path = Path.Combine(_folder, "result.json");
        Assert.Equal("", Terminal.Print(["run", .. args, "--json", path, "--quiet"]));
        return File.ReadAllText(path);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
