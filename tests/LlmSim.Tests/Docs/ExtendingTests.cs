using LlmSim.Catalog;
using LlmSim.Costs;
using LlmSim.Metrics;
using LlmSim.Serving;
using LlmSim.Serving.Events;
using LlmSim.Simulation;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;
using LlmSim.Tests.Serving;
using LlmSim.Workloads;

namespace LlmSim.Tests.Docs;

/// <summary>The examples of docs/extending.md do what it says. <see cref="DocsTests"/> compares the texts.</summary>
public sealed class ExtendingTests
{
    private const int Draws = 200_000;

    [Fact]
    public void A_gpu_and_a_model_by_their_figures_run()
    {
        var gpu = new GpuSpec
        {
            Name = "my-gpu",
            MemoryBytes = 128L << 30,
            MemoryBytesPerSecond = 4e12,
            Fp16FlopsPerSecond = 800e12,
            Fp32FlopsPerSecond = 400e12,
            Interconnect = new InterconnectSpec { Name = "my-link", BytesPerSecond = 300e9, LatencySeconds = 8e-6 },
        };
        var model = new ModelSpec
        {
            Name = "my-3b",
            HiddenSize = 2560,
            Layers = 32,
            AttentionHeads = 20,
            KvHeads = 4,
            HeadSize = 128,
            FfnWidth = 8960,
            VocabularySize = 64_000,
            MaxSequenceLength = 32_768,
        };
        var config = new SimulatorConfig { Model = model, Cluster = new ClusterSpec { Gpu = gpu } };

        // A step of one sequence reads all weights but the embedding, and the caches of a few requests: 1.4 to 2 ms at 4 TB/s.
        SimulationStatistics statistics = new LlmInferenceSimulator(config).Run().ComputeStatistics();
        Assert.Equal(1000, statistics.CompletedRequests);
        Assert.InRange(statistics.TimePerOutputToken.Mean.Milliseconds, 1.4, 4);
    }

    [Fact]
    public void A_block_of_ones_own_counts_in_weights_and_time()
    {
        ModelSpec llama = ModelCatalog.Get("llama-2-7b");
        ModelSpec model = llama with
        {
            Name = "low-rank-7b",
            LayerGroups =
            [
                new LayerGroup
                {
                    Name = "low-rank",
                    Count = 32,
                    Blocks =
                    [
                        new GroupedQueryAttention { Heads = 32, KvHeads = 32, HeadSize = 128, ValueHeadSize = 128 },
                        new LowRankFeedForward(Width: 11008, Rank: 512),
                    ],
                },
            ],
        };
        long saved = 3L * 4096 * 11008 - (4096 * 2 * 512 + 512 * 2 * 11008 + 11008 * 512 + 512 * 4096);
        Assert.Equal(llama.ParameterCount() - 32 * saved, model.ParameterCount());
        Assert.True(Run(model).TimePerOutputToken.Mean.Milliseconds < 0.75 * Run(llama).TimePerOutputToken.Mean.Milliseconds);

        static SimulationStatistics Run(ModelSpec model) => new LlmInferenceSimulator(new SimulatorConfig
        {
            Model = model,
            Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("a100-80gb-sxm") },
        }).Run().ComputeStatistics();
    }

    [Fact]
    public void An_arrival_process_of_ones_own_has_its_rate_and_spread_on_any_clock()
    {
        var gaps = new LognormalGaps(new RandomStream(1, "test"), burstiness: 0.5);
        double[] drawn = [.. Enumerable.Range(0, Draws).Select(_ => gaps.Next())];
        double mean = drawn.Average();
        Assert.Equal(1, mean, 0.02);
        Assert.Equal(2, drawn.Average(gap => (gap - mean) * (gap - mean)), 0.3);

        var arrivals = new GapArrivals(new LognormalGaps(new RandomStream(2, "test"), burstiness: 0.5), new SteadyClock(ratePerSecond: 10));
        long[] times = [.. Enumerable.Range(0, Draws).Select(_ => arrivals.Next())];
        Assert.Equal(Draws / 10, times[^1] / 1e9, Draws / 10 * 0.02);
    }

    [Fact]
    public void A_length_law_of_ones_own_has_its_mean_and_rises()
    {
        var law = new GeometricLength(new RandomStream(1, "test"), new LengthSpec { Mean = 150 });
        Assert.Equal(150, Enumerable.Range(0, Draws).Average(_ => law.Next()), 2.0);
        Assert.Equal(1, law.Quantile(1e-9));
        int[] quantiles = [.. Enumerable.Range(1, 999).Select(i => law.Quantile(i / 1000.0))];
        Assert.Equal(quantiles.Order(), quantiles);
    }

    [Fact]
    public void A_trace_format_of_ones_own_is_told_by_its_header()
    {
        const string log = "completion_tokens,time_ms,prompt_tokens\n20,1700000000000,100\n30,1700000000250,200\n5,soon,7\n";
        using var reader = new CsvTraceReader(
            "log.csv", new StringReader(log), new ClassBook([]), [.. TraceFormat.Known, new GatewayLogFormat()]);
        var problems = new List<ConfigProblem>();
        var requests = new List<ArrivingRequest>();
        while (reader.TryRead(out ArrivingRequest request, problems))
        {
            requests.Add(request);
        }

        Assert.Equal("gateway log", reader.FormatName);
        Assert.Equal([new(SimTime.Zero, 100, 20), new(new SimTime(250_000_000), 200, 30)], requests[..2]);
        Assert.Contains("whole milliseconds since 1970", Assert.Single(problems).Allowed, StringComparison.Ordinal);
    }

    /// <summary>One seat a replica: a second request finds it free on another replica, or waits behind the first.</summary>
    [Theory]
    [InlineData(1, 50)]
    [InlineData(9, 10_000)]
    public void A_router_of_ones_own_works_with_both_engines(int most, long expectedStart)
    {
        ExactMeter meter = Run(stepByStep: false);
        Assert.Equal(expectedStart, meter.Records.Single(record => record.Id == 1).Scheduled.Nanoseconds);
        Assert.Equal(Run(stepByStep: true).Fingerprint(), meter.Fingerprint());

        ExactMeter Run(bool stepByStep)
        {
            var limits = new EngineLimits
            {
                MaxNumSeqs = 1,
                MaxNumBatchedTokens = 1000,
                MaxModelLen = 1000,
                UsableBlocks = 100,
                BlockSize = 16,
            };
            var meter = new ExactMeter(limits.MaxNumBatchedTokens, limits.MaxNumSeqs);
            using var source = new ListSource([new(SimTime.Zero, 10, 100), new(new SimTime(50), 10, 1)]);
            var cost = new AffineCost(step: 100L << 20, token: 0, context: 0, pair: 0, floor: 0);
            new ServingRun(source, new HostSpec { TokenizationSeconds = 0, TokenizationSecondsPerToken = 0 }, limits, cost, meter,
                new EventHub([]), stepByStep, replicas: 2, new SpilloverRouter(most)).Run(CancellationToken.None);
            return meter;
        }
    }
}
