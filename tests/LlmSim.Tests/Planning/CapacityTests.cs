using LlmSim.Catalog;
using LlmSim.Metrics;
using LlmSim.Planning.Capacity;
using LlmSim.Planning.Objectives;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Tests.Cli;
using LlmSim.Uncertainty;

namespace LlmSim.Tests.Planning;

/// <summary>A capacity is what trying all rates in long runs gives, and what queueing theory says.</summary>
public sealed class CapacityTests
{
    private static readonly CapacityOptions NoiseAlone = new() { Uncertainty = UncertaintyMode.Off };

    /// <summary>Name, goal and scenario of what is tried by brute force.</summary>
    public static TheoryData<string, string> Scenarios => new()
    {
        { "plain", "ttft.p99:500ms,tpot.p90:50ms" },
        { "lognormal", "ttft.p90:300ms" },
        { "bursty", "e2el.p95:4s" },
        { "few-seats", "queue.mean:200ms" },
        { "two-replicas", "tpot.p99:40ms" },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Brute_force_finds_the_same(string name, string slo)
    {
        SimulatorConfig config = Scenario(name);
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", slo));
        CapacityResult found = CapacitySearch.Run(config, goal, NoiseAlone);
        Assert.True(found.IsPrecise);

        // Three draws that the search has not seen, in runs of 40,000 requests, at rates 1% apart.
        double[] highest = [.. Enumerable.Range(100, 3).Select(seed => Highest(config with { Seed = (ulong)seed }, goal, found.RatePerSecond))];
        double middle = found.EstimatePerSecond;
        Assert.InRange(highest.Average(), middle * (1 - (1.5 * found.Noise) - 0.005), middle * (1 + (1.5 * found.Noise) + 0.005));
        Assert.True(found.At.Verdict.IsKept);
        Assert.False(found.Above.Verdict.IsKept);
    }

    private static double Highest(SimulatorConfig config, ServiceGoal goal, double about)
    {
        double highest = 0;
        for (double rate = 0.96 * about; rate < 1.06 * about; rate *= 1.01)
        {
            WorkloadSpec workload = config.Workload with { RequestRatePerSecond = rate, NumRequests = 40_000 };
            SimulationStatistics s = new LlmInferenceSimulator(config with { Workload = workload }).Run().ComputeStatistics();
            highest = goal.Judge(s).IsKept ? rate * 1.005 : highest; // The end lies half a stride on, on average.
        }

        return highest;
    }

    [Fact]
    public void One_seat_waits_as_Pollaczek_and_Khinchine_say()
    {
        // With one seat and fixed lengths service is deterministic. The wait is ρs/(2(1 − ρ)): half a service time at ρ = 1/2, twice one at 4/5.
        SimulatorConfig config = Scenario("one-seat");
        double service = 1 / CapacitySearch.Run(config, new ServiceGoal([]), NoiseAlone).EstimatePerSecond;
        Assert.Equal(0.5, Load(0.5), 0.01);
        Assert.Equal(0.8, Load(2), 0.01);

        double Load(double waits)
        {
            var goal = new ServiceGoal([new(LatencyMeasure.Queue, null, SimTime.FromSeconds(waits * service))]);
            CapacityResult found = CapacitySearch.Run(config, goal, NoiseAlone);
            return found.EstimatePerSecond * service;
        }
    }

    [Fact]
    public void Without_objectives_it_is_what_the_server_gets_through()
    {
        SimulatorConfig config = Scenario("plain");
        CapacityResult found = CapacitySearch.Run(config, new ServiceGoal([]), NoiseAlone);
        WorkloadSpec overload = config.Workload with { RequestRatePerSecond = 3 * found.RatePerSecond, NumRequests = 50_000 };
        SimulationStatistics s = new LlmInferenceSimulator(config with { Workload = overload }).Run().ComputeStatistics();
        Assert.Equal(s.RequestsPerSecond, found.RatePerSecond, 0.02 * s.RequestsPerSecond);
        Assert.True(found.At.Verdict.IsKept);
        Assert.True(found.Above.Verdict is { IsKept: false, IsPace: true });
    }

    [Fact]
    public void Stricter_goals_give_lower_rates_and_their_errors_wider_intervals()
    {
        SimulatorConfig config = Scenario("plain");
        CapacityResult strict = Of("tpot.p90:25ms"), loose = Of("tpot.p90:40ms");
        Assert.True(strict.RatePerSecond < loose.RatePerSecond);
        Assert.All([strict, loose], found =>
        {
            Assert.True(found.ModelError > 0);
            Assert.True(found.Interval!.Value.Holds(found.RatePerSecond));
        });

        CapacityResult Of(string slo) => CapacitySearch.Run(config, new ServiceGoal(ObjectiveText.Parse("--slo", slo)), new CapacityOptions { Precision = 0.1 });
    }

    [Fact]
    public void Threads_do_not_matter()
    {
        SimulatorConfig config = Scenario("lognormal");
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p90:300ms"));
        CapacityResult[] found = [.. new[] { 1, 4 }.Select(threads => CapacitySearch.Run(config, goal, new CapacityOptions { Precision = 0.1, Threads = threads }))];
        Assert.Equal(found[0].RatePerSecond, found[1].RatePerSecond);
        Assert.Equal(found[0].Interval, found[1].Interval);
        Assert.Equal(found[0].Runs, found[1].Runs);
    }

    [Fact]
    public void What_no_rate_keeps_is_said_with_what_is_near()
    {
        Terminal terminal = Terminal.Run("capacity", "--slo", "ttft.p99:20ms,tpot.p99:1s");
        Assert.Equal((3, ""), (terminal.ExitCode, terminal.Output));
        Assert.Contains("no rate keeps ttft.p99 ≤ 20 ms, tpot.p99 ≤ 1000 ms", terminal.Errors, StringComparison.Ordinal);
        Assert.Matches(@"nearest that can be kept: ttft\.p99:\d+ms,\s+tpot\.p99:1000ms", terminal.Errors);
    }

    [Theory]
    [InlineData("max_concurrency", "clients")]
    [InlineData("rate_curve", "ramp")]
    public void Loads_without_a_rate_are_refused(string field, string name)
    {
        SimulatorConfig config = Scenario("plain");
        WorkloadSpec workload = name == "clients" ? config.Workload with { MaxConcurrency = 4 }
            : config.Workload with { RateCurve = new RateCurveSpec { StartRatePerSecond = 1, EndRatePerSecond = 2 } };
        var refused = Assert.Throws<ConfigException>(() => CapacitySearch.Run(config with { Workload = workload }, new ServiceGoal([])));
        Assert.Contains(field, refused.Problems.Single().Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Conversations_are_counted_as_they_begin()
    {
        // Three turns each: a third as many conversations as requests, and less for the words that turns repeat.
        SimulatorConfig config = Scenario("plain");
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "tpot.p90:40ms"));
        var options = NoiseAlone with { Precision = 0.1 };
        CapacityResult single = CapacitySearch.Run(config, goal, options);
        CapacityResult turns = CapacitySearch.Run(config with
        {
            Workload = config.Workload with { Sessions = new SessionSpec { Turns = LengthSpec.Fixed(3) } },
        }, goal, options);
        Assert.Equal("conversations/s", turns.Unit);
        Assert.InRange(turns.RatePerSecond, 0.1 * single.RatePerSecond, single.RatePerSecond / 3);
        Assert.Throws<ConfigException>(() => CapacitySearch.Run(config with
        {
            Workload = config.Workload with { Sessions = new SessionSpec { Turns = LengthSpec.Fixed(3) } },
        }, new ServiceGoal([])));
    }

    [Fact]
    public void Where_low_rates_miss_a_goal_as_well_the_highest_that_keeps_it_is_found()
    {
        // A static batch waits until it is full, longest at low rates.
        SimulatorConfig config = Scenario("plain") with { Scheduler = new SchedulerSpec { Batching = Batching.Static, BatchSize = 16 } };
        CapacityResult found = CapacitySearch.Run(config, new ServiceGoal(ObjectiveText.Parse("--slo", "e2el.p99:20s")), NoiseAlone with { Precision = 0.1 });
        Assert.False(found.Curve[0].Verdict.IsKept);
        Assert.True(found.At.Verdict.IsKept);
        Assert.False(found.Above.Verdict.IsKept);
    }

    [Fact]
    public void A_trace_is_sent_faster_and_slower_as_it_is()
    {
        using var folder = new Workloads.TempFolder();
        var rows = new System.Text.StringBuilder("arrival_s,input_tokens,output_tokens\n");
        for (int i = 0; i < 600; i++)
        {
            rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(i / 5) + (i % 5 * 0.01)},{300 + (i * 37 % 400)},{50 + (i * 11 % 100)}\n");
        }

        string path = folder.Write("trace.csv", rows.ToString());
        SimulatorConfig config = Scenario("plain") with { Workload = new WorkloadSpec { Trace = new TraceSpec { Path = path } } };
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p95:400ms"));
        CapacityResult found = CapacitySearch.Run(config, goal, NoiseAlone);
        Assert.Equal((1, 0.0, 600L), (found.Replications, found.Noise, found.Requests));
        double scale = found.RatePerSecond / (599 / 119.04);
        Assert.True(Keeps(scale * 0.995));
        Assert.False(Keeps(scale * 1.01));

        bool Keeps(double speed) => goal.Judge(new LlmInferenceSimulator(config with
        {
            Workload = new WorkloadSpec { Trace = new TraceSpec { Path = path, Scale = speed } },
        }).Run().ComputeStatistics(), judgesPace: false).IsKept;
    }

    [Fact]
    public void Conversations_that_come_too_fast_are_beyond_capacity()
    {
        // Most of their turns come when the first ones have long been sent, and then the queue shrinks.
        SimulatorConfig config = Scenario("conversations");
        SimulationStatistics s = new LlmInferenceSimulator(config with { Workload = config.Workload with { RequestRatePerSecond = 50 } }).Run().ComputeStatistics();
        Assert.True(s.Queue!.IsBeyondCapacity);
    }

    [Fact]
    public void A_trace_that_no_rate_spoils_is_refused()
    {
        using var folder = new Workloads.TempFolder();
        string path = folder.Write("trace.csv", "arrival_s,input_tokens,output_tokens\n0,100,10\n1,100,10\n2,100,10\n");
        SimulatorConfig config = Scenario("plain") with { Workload = new WorkloadSpec { Trace = new TraceSpec { Path = path } } };
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p99:60s"));
        ConfigProblem problem = Assert.Throws<ConfigException>(() => CapacitySearch.Run(config, goal, NoiseAlone)).Problems.Single();
        Assert.Equal("--slo", problem.Field);
        Assert.Contains("3 requests", problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("capacity")]
    [InlineData("plan")]
    public void A_flag_or_file_behind_objectives_is_no_objective(string command)
    {
        Terminal terminal = Terminal.Run(command, "--slo", "ttft.p99:20ms", "--request-rte", "5", "nowhere.yaml");
        Assert.Equal(2, terminal.ExitCode);
        Assert.Contains("--request-rte", terminal.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("a measure", terminal.Errors, StringComparison.Ordinal);
    }

    private static SimulatorConfig Scenario(string name)
    {
        var plain = new SimulatorConfig
        {
            Model = ModelCatalog.Get("llama-2-7b"),
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
        };
        LengthSpec Lengths(double mean) => new() { Distribution = LengthDistribution.Lognormal, Mean = mean, Sigma = 0.7 };
        return name switch
        {
            "lognormal" => plain with { Workload = new WorkloadSpec { InputLength = Lengths(400), OutputLength = Lengths(100) } },
            "bursty" => plain with { Workload = new WorkloadSpec { Burstiness = 0.4 } },
            "few-seats" => plain with { Scheduler = new SchedulerSpec { MaxNumSeqs = 16 } },
            "conversations" => plain with
            {
                Scheduler = new SchedulerSpec { MaxNumSeqs = 16 },
                Workload = new WorkloadSpec { Sessions = new SessionSpec { Turns = LengthSpec.Fixed(3), Count = 2000 } },
            },
            "one-seat" => plain with { Scheduler = new SchedulerSpec { MaxNumSeqs = 1 }, Workload = new WorkloadSpec { OutputLength = LengthSpec.Fixed(16) } },
            "two-replicas" => plain with { Parallelism = new ParallelismSpec { DataParallel = 2, Routing = RoutingPolicy.LeastOutstanding } },
            _ => plain,
        };
    }
}
