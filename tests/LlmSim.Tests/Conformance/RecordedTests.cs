using LlmSim.Conformance;

namespace LlmSim.Tests.Conformance;

/// <summary>The recorded schedules that come with the tests, replayed by both engines.</summary>
public sealed class RecordedTests
{
    private static readonly string Folder = Checkout.At("tests", "LlmSim.Tests", "Conformance", "Recorded");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*.json.gz", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_field_of_every_step_is_reproduced(string file)
    {
        RecordedSchedule schedule = ScheduleReader.Read(Path.Combine(Folder, file));
        Assert.NotEmpty(schedule.Steps);
        Assert.Empty(schedule.NotModelled);
        Assert.Null(ScheduleReplay.FirstDifference(schedule, stepByStep: false));
        Assert.Null(ScheduleReplay.FirstDifference(schedule, stepByStep: true));
    }
}
