using CsCheck;
using LlmSim.Reporting.Timeline;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Tests.Serving;
using LlmSim.Tests.Serving.Sglang;

namespace LlmSim.Tests.Reporting;

/// <summary>Timelines of random small runs, whole and in part.</summary>
public sealed class TimelineTests
{
    private const int Scenarios = 100;

    private static readonly Gen<EngineScenario> AnyEngine =
        Gen.OneOf(EngineScenario.Drawn, EngineScenario.ClosedLoop, EngineScenario.Conversations, SglangScenario.Drawn, SglangScenario.ClosedLoop);

    [Fact]
    public void Tells_what_the_run_counts() => AnyEngine.Sample(
        scenario =>
        {
            (TraceEvent[] events, ExactMeter meter, Steps steps) = Run(scenario, TimeWindow.All);
            AssertWellFormed(events);
            Assert.Equal(meter.Fingerprint(), scenario.Run(stepByStep: false).Fingerprint());
            Assert.Equal(meter.ArrivedCount, events.Count(e => e is { Phase: "X", Category: "arrival" }));
            Assert.Equal(meter.ArrivedCount, events.Count(e => e.Phase == "b" && e.Name == $"request {e.Id}"));
            Assert.Equal(meter.RejectedCount, Marks("rejected"));
            Assert.Equal(meter.Preemptions, Marks("preempted"));
            Assert.Equal(meter.Records.Count + meter.AbortedRequests.Count, Marks("finished") + Marks("aborted"));
            Assert.Equal(steps.Stages.Order(), SlicesOf(events).Select(e => (e.Process - 2, e.Thread - 1, e.Start, e.End)).Order());
            Assert.Equal(steps.FirstScheduled, events.Count(e => e.Phase == "s"));

            int Marks(string what) => events.Count(e => e.Phase == "n" && e.Name == what);
        },
        iter: Scenarios);

    [Fact]
    public void A_request_goes_through_its_stages_when_the_run_says() => EngineScenario.Drawn.Sample(
        scenario =>
        {
            (TraceEvent[] events, ExactMeter meter, _) = Run(scenario, TimeWindow.All);
            ILookup<long?, TraceEvent> byId = events.Where(e => e.Id is not null).ToLookup(e => e.Id);
            foreach (var record in meter.Records.Where(_ => scenario.Limits is { OutputQuanta: 0, StreamQuanta: 0 }))
            {
                TraceEvent[] begins = [.. byId[record.Id].Where(e => e.Phase == "b")];
                Assert.Equal(record.Arrival.Nanoseconds, begins[0].Start);
                Assert.Equal(record.Ready.Nanoseconds, begins.First(e => e.Name == "queued").Start);
                Assert.Equal(record.Scheduled.Nanoseconds, begins.First(e => e.Name == "prefill").Start);
                Assert.Equal(record.Finish.Nanoseconds, byId[record.Id].Last(e => e.Phase == "e").Start);
                Assert.Equal(record.Preemptions, byId[record.Id].Count(e => e is { Phase: "n", Name: "preempted" }));
                if (record is { Preemptions: 0, OutputTokens: > 1 })
                {
                    Assert.Equal(record.FirstToken.Nanoseconds, begins.Single(e => e.Name == "decode").Start);
                }
            }
        },
        iter: Scenarios);

    [Fact]
    public void A_window_shows_what_the_whole_shows_of_it() => Gen.Select(AnyEngine, Gen.Double.Unit, Gen.Double.Unit).Sample(
        (scenario, a, b) =>
        {
            (TraceEvent[] all, _, _) = Run(scenario, TimeWindow.All);
            long end = all.Max(e => e.End);
            long from = (long)(Math.Min(a, b) * end), to = Math.Max(from + 1, (long)(Math.Max(a, b) * end));
            (TraceEvent[] part, _, _) = Run(scenario, new TimeWindow(new SimTime(from), new SimTime(to)));
            AssertWellFormed(part);
            Assert.Equal(SlicesOf(all).Where(e => e.Start < to && (e.End > from || e.Start >= from)), SlicesOf(part));
            Assert.Equal(Inside(all), Inside(part));
            Assert.All(part.Where(e => e.Phase is "b" or "e" or "n" or "C" or "s"), e => Assert.InRange(e.Start, from, to));

            // Who is under way at the start stands there in the stage that the whole shows.
            Assert.Equal(StagesAt(all, from), StagesAt(part, from));

            TraceEvent[] Inside(TraceEvent[] events) =>
                [.. events.Where(e => e.Phase is "b" or "e" or "n" or "C" && e.Start > from && e.Start < to).OrderBy(e => e.Start).ThenBy(e => e.Id)];
        },
        iter: Scenarios);

    [Fact]
    public void Too_many_events_end_it_with_all_that_began() => AnyEngine.Sample(
        scenario =>
        {
            using var file = new MemoryStream();
            using var log = new TimelineLog(file, TimeWindow.All, mostEvents: 50);
            scenario.Run(stepByStep: false, log);
            log.Finish();
            TraceEvent[] events = TraceEvent.Read(file.ToArray());
            AssertWellFormed(events);
            Assert.Equal(log.CutAt is not null, Run(scenario, TimeWindow.All).Events.Length > events.Length);
            Assert.True(log.CutAt is null || events.Where(e => e.Phase == "e").All(e => e.Start <= log.CutAt.Value.Nanoseconds));
        },
        iter: Scenarios);

    [Theory]
    [InlineData("10s..12s", 10_000_000_000, 12_000_000_000)]
    [InlineData("500ms..2s", 500_000_000, 2_000_000_000)]
    [InlineData("10..12.5", 10_000_000_000, 12_500_000_000)]
    [InlineData("1us..1min", 1_000, 60_000_000_000)]
    [InlineData("0.000000001..3ns", 1, 3)]
    [InlineData("10s..", 10_000_000_000, long.MaxValue)]
    [InlineData("..300ms", 0, 300_000_000)]
    [InlineData("..", 0, long.MaxValue)]
    public void Windows_have_units_and_open_ends(string text, long from, long to) =>
        Assert.Equal(new TimeWindow(new SimTime(from), new SimTime(to)), TimeWindow.Parse("--timeline-window", text));

    [Theory]
    [InlineData("2..1", "Write --w 1..2.")]
    [InlineData("1s..1000ms", "an end later than the start")]
    [InlineData("-1..2", "times from 0")]
    [InlineData("1h..2h", "times from 0")]
    [InlineData("1..1e99", "times from 0")]
    [InlineData("1..2000000000", "times from 0")]
    [InlineData("1s", "two times with ..")]
    [InlineData("", "nothing is not allowed")]
    [InlineData("1..2..3", "two times with ..")]
    public void Other_windows_are_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigException>(() => TimeWindow.Parse("--w", text)).Message, StringComparison.Ordinal);

    private static (TraceEvent[] Events, ExactMeter Meter, Steps Steps) Run(EngineScenario scenario, TimeWindow window)
    {
        using var file = new MemoryStream();
        using var log = new TimelineLog(file, window);
        var steps = new Steps();
        ExactMeter meter = scenario.Run(stepByStep: false, log, steps);
        log.Finish();
        return (TraceEvent.Read(file.ToArray()), meter, steps);
    }

    private static IEnumerable<TraceEvent> SlicesOf(TraceEvent[] events) => events.Where(e => e is { Phase: "X", Process: > 1 });

    // The stages that requests are in right after a moment.
    private static string[] StagesAt(TraceEvent[] events, long time)
    {
        var open = new SortedDictionary<long, string>();
        foreach (TraceEvent e in events.Where(e => e.Phase is "b" or "e" && e.Start <= time && e.Name != $"request {e.Id}"))
        {
            open.Remove(e.Id!.Value);
            if (e.Phase == "b")
            {
                open.Add(e.Id.Value, e.Name);
            }
        }

        return [.. open.Select(pair => $"{pair.Key} {pair.Value}")];
    }

    private static void AssertWellFormed(TraceEvent[] events)
    {
        foreach (IGrouping<(int, int, string), TraceEvent> track in SlicesOf(events).GroupBy(e => e.Track))
        {
            TraceEvent[] slices = [.. track.OrderBy(e => e.Start)];
            Assert.All(slices.Zip(slices.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, $"{pair}"));
        }

        // A request's spans lie in each other, and it begins nothing after its end.
        foreach (IGrouping<long?, TraceEvent> request in events.Where(e => e.Phase is "b" or "e" or "n").GroupBy(e => e.Id))
        {
            var open = new Stack<string>();
            Assert.Equal(request.Select(e => e.Start).Order(), request.Select(e => e.Start));
            foreach (TraceEvent e in request)
            {
                if (e.Phase == "b")
                {
                    open.Push(e.Name);
                }
                else if (e.Phase == "e")
                {
                    Assert.Equal(open.Pop(), e.Name);
                }

                Assert.InRange(open.Count, e == request.Last() ? 0 : 1, 2);
            }

            Assert.Empty(open);
        }

        // An arrow starts at its request's arrival and ends where a slice of a first stage starts.
        var starts = SlicesOf(events).Where(e => e.Thread == 1).Select(e => (e.Process, e.Start)).ToHashSet();
        var arrivals = events.Where(e => e.Category == "arrival").ToDictionary(e => e.Name, e => e.Start);
        Assert.All(events.Where(e => e.Phase == "f"), e => Assert.Contains((e.Process, e.Start), starts));
        Assert.All(events.Where(e => e.Phase == "s"), e => Assert.Equal(arrivals[$"request {e.Id}"], e.Start));
        Assert.Equal(events.Where(e => e.Phase == "s").Select(e => e.Id).Order(), events.Where(e => e.Phase == "f").Select(e => e.Id).Order());
        Assert.Equal(events.Select(e => e.Process).Distinct().Order(),
            events.Where(e => e.Name == "process_name").Select(e => e.Process).Order());
    }

    /// <summary>The steps that the engine decided on.</summary>
    private sealed class Steps : SimulationObserver
    {
        public override SimulationEvents Interests => SimulationEvents.BatchFormed;

        public List<(int Replica, int Stage, long Start, long End)> Stages { get; } = [];

        public int FirstScheduled { get; private set; }

        public override void Handle(in BatchFormed e)
        {
            StepRecord step = e.Step;
            Stages.AddRange(step.Stages.Select((stage, i) => (step.Replica, i, stage.Start.Nanoseconds, stage.End.Nanoseconds)));
            FirstScheduled += step.Admitted.Count;
            if (step.Stages.Count > 0)
            {
                Assert.Equal((step.Start, step.End), (step.Stages[0].Start, step.Stages[^1].End));
            }
        }
    }
}
