using System.IO.Compression;
using LlmSim.Conformance;
using LlmSim.Specs;

namespace LlmSim.Tests.Conformance;

/// <summary>Recorded schedules: one worked by hand here; set LLMSIM_SCHEDULES to a folder of recordings to replay those too.</summary>
public sealed class ScheduleReplayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-schedules-").FullName;

    // Two requests, one seat's worth of blocks short: 1 is thrown out in the third step and resumed after 0 has finished.
    // Blocks of 4 tokens, 4 of them usable. A step lasts 100 + 10·tokens + 1·sequences us.
    private const string HandWorked = """
        {
          "engine": "vllm", "version": "0.15.0",
          "config": {
            "max_num_seqs": 4, "max_num_batched_tokens": 16, "max_model_len": 13, "num_gpu_blocks": 5, "block_size": 4,
            "enable_prefix_caching": false, "enable_chunked_prefill": true, "long_prefill_token_threshold": 0,
            "policy": "fcfs", "async_scheduling": false, "scheduler_reserve_full_isl": false
          },
          "clock": { "formula": "duration = 100 + 10*sum(num_tokens of scheduled) + 1*len(scheduled)" },
          "requests": [
            { "id": 0, "arrival_us": 0, "prompt": { "segments": [[100000, 7]] }, "output_tokens": 3, "priority": 0 },
            { "id": 1, "arrival_us": 0, "prompt": { "segments": [[100001, 5], [100002, 2]] }, "output_tokens": 4, "priority": 0 }
          ],
          "steps": [
            { "t_us": 0, "end_us": 242, "scheduled": [[0, 7], [1, 7]], "new": [0, 1], "resumed": [], "preempted": [],
              "cached": { "0": 0, "1": 0 }, "finished": [], "running": 2, "waiting": 0, "free_blocks": 0 },
            { "t_us": 242, "end_us": 364, "scheduled": [[0, 1], [1, 1]], "new": [], "resumed": [], "preempted": [],
              "cached": {}, "finished": [], "running": 2, "waiting": 0, "free_blocks": 0 },
            { "t_us": 364, "end_us": 475, "scheduled": [[0, 1]], "new": [], "resumed": [], "preempted": [1],
              "cached": {}, "finished": [0], "running": 1, "waiting": 1, "free_blocks": 1 },
            { "t_us": 475, "end_us": 666, "scheduled": [[1, 9]], "new": [], "resumed": [1], "preempted": [],
              "cached": { "1": 0 }, "finished": [], "running": 1, "waiting": 0, "free_blocks": 1 },
            { "t_us": 666, "end_us": 777, "scheduled": [[1, 1]], "new": [], "resumed": [], "preempted": [],
              "cached": {}, "finished": [1], "running": 1, "waiting": 0, "free_blocks": 1 }
          ],
          "summary": { "first_token_us": { "0": 242, "1": 242 }, "finish_us": { "0": 475, "1": 777 }, "preemptions": 1 }
        }
        """;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hand_worked_schedule_is_reproduced(bool stepByStep) =>
        Assert.Null(ScheduleReplay.FirstDifference(Read(HandWorked), stepByStep));

    [Theory]
    [InlineData("\"free_blocks\": 1 },\n    { \"t_us\": 475", "\"free_blocks\": 2 },\n    { \"t_us\": 475", "step 2 at 364 us: free_blocks: expected 2, got 1")]
    [InlineData("[[1, 9]]", "[[1, 8]]", "step 3 at 475 us: scheduled: expected [[1, 8]], got [[1, 9]]")]
    [InlineData("\"1\": 777", "\"1\": 778", "summary: request 1: expected first token at 242 us and last at 778 us, got 242 us and 777 us")]
    [InlineData("\"preemptions\": 1", "\"preemptions\": 2", "summary: preemptions: expected 2, got 1")]
    public void The_first_difference_is_named(string right, string wrong, string message)
    {
        string text = HandWorked.Replace("\r", "", StringComparison.Ordinal);
        right = right.Replace("\n    ", "\n    ", StringComparison.Ordinal);
        Assert.Contains(right, text, StringComparison.Ordinal);
        Assert.Equal(message, ScheduleReplay.FirstDifference(Read(text.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void Gzip_is_read_as_well()
    {
        string path = Path.Combine(_folder, "case.json.gz");
        using (var gzip = new StreamWriter(new GZipStream(File.Create(path), CompressionMode.Compress)))
        {
            gzip.Write(HandWorked);
        }

        Assert.Null(ScheduleReplay.FirstDifference(ScheduleReader.Read(path)));
    }

    [Fact]
    public void What_is_not_modelled_is_said()
    {
        RecordedSchedule schedule = Read(HandWorked.Replace("\"fcfs\"", "\"lottery\"", StringComparison.Ordinal));
        Assert.Equal(["policy lottery"], schedule.NotModelled);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void What_is_no_schedule_is_refused_by_name(string text)
    {
        ConfigProblem problem = Assert.Single(Assert.Throws<ConfigException>(() => Read(text)).Problems);
        Assert.EndsWith("case.json", problem.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_refused_by_name() =>
        Assert.Throws<ConfigException>(() => ScheduleReader.Read(Path.Combine(_folder, "none.json")));

    [Fact]
    public void Recorded_schedules_are_reproduced_by_both_engines()
    {
        string? folder = Environment.GetEnvironmentVariable("LLMSIM_SCHEDULES");
        Assert.SkipWhen(folder is null, "LLMSIM_SCHEDULES names no folder of recordings");
        foreach (string path in Directory.EnumerateFiles(folder!, "*.json*", SearchOption.AllDirectories).Order())
        {
            RecordedSchedule schedule = ScheduleReader.Read(path);
            if (schedule.NotModelled.Count == 0)
            {
                Assert.Null(ScheduleReplay.FirstDifference(schedule, stepByStep: false));
                Assert.Null(ScheduleReplay.FirstDifference(schedule, stepByStep: true));
            }
        }
    }

    private RecordedSchedule Read(string text)
    {
        string path = Path.Combine(_folder, "case.json");
        File.WriteAllText(path, text);
        return ScheduleReader.Read(path);
    }
}
