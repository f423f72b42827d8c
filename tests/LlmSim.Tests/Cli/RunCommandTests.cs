using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmSim.Catalog;
using LlmSim.Reporting;
using LlmSim.Scenarios;
using LlmSim.Specs;

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
              enable_chunked_prefill: true
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

    private static string Json(SimulatorConfig config) => System.Text.Encoding.UTF8.GetString(ResultJson.ToUtf8(
        new LlmInferenceSimulator(config).Run().ComputeStatistics(), config.Seed, "0.1.0", json => ScenarioJson.Write(json, config)));

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
