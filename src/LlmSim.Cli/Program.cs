using LlmSim.Conformance;

int same = 0, different = 0, skipped = 0;
foreach (string path in args)
{
    foreach (bool plain in new[] { true, false })
    {
        RecordedSchedule s = ScheduleReader.Read(path);
        if (s.NotModelled.Count > 0) { skipped++; continue; }
        string? d = ScheduleReplay.FirstDifference(s, plain);
        if (d is null) { same++; } else { different++; Console.WriteLine($"{path} {(plain ? "plain" : "fast")}: {d}"); }
    }
}
Console.WriteLine($"{same} {different} {skipped}");
return 0;
