using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Conformance;

/// <summary>Reads recorded schedules: one JSON object a file, plain or gzip.</summary>
internal static partial class ScheduleReader
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigException">The file cannot be read or is not a recorded schedule.</exception>
    public static RecordedSchedule Read(string path)
    {
        try
        {
            using Stream file = File.OpenRead(path);
            int magic = file.ReadByte();
            file.Position = 0;
            using Stream content = magic == 0x1f ? new GZipStream(file, CompressionMode.Decompress) : file;
            using JsonDocument document = JsonDocument.Parse(content);
            return Parse(document.RootElement);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException
            or InvalidOperationException or InvalidDataException or FormatException)
        {
            throw new ConfigException(new ConfigProblem(
                path, e.Message.TrimEnd('.'), "a schedule recorded from an engine, as JSON or gzipped JSON",
                "Give a recorded schedule or a folder of them."));
        }
    }

    private static RecordedSchedule Parse(JsonElement root)
    {
        string engine = root.GetProperty("engine").GetString()!;
        string version = root.GetProperty("version").GetString()!;
        JsonElement config = root.GetProperty("config");
        JsonElement summary = root.GetProperty("summary");
        JsonElement[] requests = [.. root.GetProperty("requests").EnumerateArray()];
        int[] priorities = [.. requests.Select(PriorityOf).Distinct().Order()];
        var format = RecordingFormat.Of(engine);
        return new RecordedSchedule
        {
            Engine = $"{engine} {version}",
            Format = format,
            Limits = format?.Limits(config, version, priorities) ?? EmptyLimits,
            Clock = ParseClock(root.GetProperty("clock").GetProperty("formula").GetString()!),
            Requests = [.. requests.Select(request => ParseRequest(request, priorities))
                .OrderBy(r => r.ArrivalUs).ThenBy(r => r.Id)],
            Steps = format is null ? [] : [.. root.GetProperty("steps").EnumerateArray().Select(format.Parse)],
            FirstTokenUs = Times(summary.GetProperty("first_token_us")),
            FinishUs = Times(summary.GetProperty("finish_us")),
            Counts = Counts(summary),
            NotModelled = format is null ? [$"engine {engine}"] : [.. format.NotModelled(config, version)],
        };
    }

    private static readonly EngineLimits EmptyLimits = new()
    {
        MaxNumSeqs = 1,
        MaxNumBatchedTokens = 1,
        MaxModelLen = 2,
        UsableBlocks = 1,
        BlockSize = 1,
    };

    private static RecordedClock ParseClock(string formula)
    {
        long[] numbers = [.. Number().Matches(formula).Select(m => long.Parse(m.Value))];
        return numbers.Length == 3
            ? new RecordedClock(numbers[0], numbers[1], numbers[2])
            : throw new FormatException($"clock formula '{formula}' should be base + a*tokens + b*sequences");
    }

    private static RecordedRequest ParseRequest(JsonElement request, int[] priorities)
    {
        long id = request.GetProperty("id").GetInt64();
        var content = new PromptContent(
            request.GetProperty("prompt").GetProperty("segments").EnumerateArray()
                .Where(run => run[1].GetInt32() > 0)
                .Select(run => new ContentRun(Segment(run[0]), run[1].GetInt32())),
            AnswerSegment(id));
        return new RecordedRequest(
            id,
            request.GetProperty("arrival_us").GetInt64(),
            content.Tokens,
            request.GetProperty("output_tokens").GetInt32(),
            (byte)Array.IndexOf(priorities, PriorityOf(request)),
            content,
            request.TryGetProperty("max_new_tokens", out JsonElement limit) ? limit.GetInt32() : 0);
    }

    // Segments of prompts count up, answers down: neither is ever 0.
    private static long Segment(JsonElement segment) => segment.ValueKind == JsonValueKind.Number
        ? segment.GetInt64() + 1
        : AnswerSegment(long.Parse(segment.GetString()!.AsSpan("out:".Length)));

    private static long AnswerSegment(long id) => -id - 1;

    private static int PriorityOf(JsonElement request) =>
        request.TryGetProperty("priority", out JsonElement priority) ? priority.GetInt32() : 0;

    // Numbers of the summary, also those in an object of their own, such as steps by mode.
    private static Dictionary<string, long> Counts(JsonElement summary) => summary.EnumerateObject()
        .SelectMany(field => field.Value.ValueKind == JsonValueKind.Object && field.Name.StartsWith("steps", StringComparison.Ordinal)
            ? field.Value.EnumerateObject().Select(part => ($"{field.Name}.{part.Name}", part.Value))
            : [(field.Name, field.Value)])
        .Where(field => field.Value.ValueKind == JsonValueKind.Number)
        .ToDictionary(field => field.Item1, field => field.Value.GetInt64());

    private static Dictionary<long, long> Times(JsonElement times) =>
        times.EnumerateObject().ToDictionary(p => long.Parse(p.Name), p => p.Value.GetInt64());

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
