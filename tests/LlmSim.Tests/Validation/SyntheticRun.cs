using System.Globalization;
using System.Text;
using LlmSim.Scenarios;
using LlmSim.Simulation;
using LlmSim.Validation;

namespace LlmSim.Tests.Validation;

/// <summary>Writes run folders in which the simulator itself was measured.</summary>
internal static class SyntheticRun
{
    public const string Server = """
        "model": "meta-llama/Llama-2-7b-hf", "gpu": "H100-SXM-80GB", "tensor_parallel": 1, "engine": "vllm", "engine_version": "0.15.1",
        "max_num_seqs": 16, "max_num_batched_tokens": 512, "kv_blocks_total_gpu": 600, "clock": "client", "max_model_len": null
        """;

    /// <summary>Requests that share ten prompts; three at a time, more than the seats in all.</summary>
    public static MeasuredRequest[] Requests(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new MeasuredRequest(
            new SimTime((i / 3) * 70_000_000L), 40 + (37 * (i % 10)), 60 + (7 * (i % 13)), i % 10, null)),
    ];

    /// <summary>Writes a folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="experiment">What stands between the braces of <c>experiment.json</c>.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="timeoutSeconds">After how many seconds clients give up; null for never.</param>
    public static void Write(string folder, string experiment, MeasuredRequest[] requests, int? timeoutSeconds = null)
    {
        // Without times the table is one of failures, which is all that is needed to simulate it.
        string limit = timeoutSeconds is { } seconds ? $", \"client_timeout_s\": {seconds}" : "";
        File.WriteAllText(Path.Combine(folder, "experiment.json"), $"{{ {experiment}{limit} }}");
        File.WriteAllText(Path.Combine(folder, "requests.csv"), Table(requests, new RequestTimes?[requests.Length], 0));
        MeasuredRun run = RunFolder.Read(folder, ScenarioNode.Object(ScenarioOrigin.Flag("")));
        File.WriteAllText(Path.Combine(folder, "experiment.json"), $"{{ {experiment} }}");
        File.WriteAllText(Path.Combine(folder, "requests.csv"), Table(requests, RunReplay.Simulate(run), timeoutSeconds ?? 0));
    }

    /// <summary>Adds <c>timeseries.csv</c> to a folder: how full the simulator is every 50 ms.</summary>
    public static void WriteLoad(string folder)
    {
        MeasuredRun run = RunFolder.Read(folder, ScenarioNode.Object(ScenarioOrigin.Flag("")));
        SimTime[] moments = [.. Enumerable.Range(0, 60).Select(i => new SimTime(i * 50_000_000L))];
        File.WriteAllLines(Path.Combine(folder, "timeseries.csv"),
        [
            "t,gen_throughput,running,waiting,kv_cache_pct",
            .. RunReplay.Of(run, moments, LoadSampler.Instant).Load.Select(point => string.Create(
                CultureInfo.InvariantCulture, $"{point.At.Seconds},1,{point.Running},{point.Waiting},{100 * point.KvUse}")),
        ]);
    }

    private static string Table(MeasuredRequest[] requests, RequestTimes?[] times, int timeoutSeconds)
    {
        var text = new StringBuilder("index,arrival_s,input_tokens,output_tokens,scheduled_s,ttft_s,e2e_s,error,prompt_id\n");
        for (int i = 0; i < requests.Length; i++)
        {
            MeasuredRequest request = requests[i];
            string measured = times[i] is { } t ? $"{Seconds(t.Scheduled!.Value)},{Seconds(t.FirstToken)},{Seconds(t.LastToken)},0" : $",,{timeoutSeconds}.2,1";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{i},{Seconds(request.Arrival)},{request.InputTokens},{request.OutputTokens},{measured},p{request.Prompt}");
        }

        return text.ToString();
    }

    private static string Seconds(SimTime time) => (time.Nanoseconds / 1e9m).ToString(CultureInfo.InvariantCulture);
}
