using System.Text;
using System.Text.Json;
using LlmSim.Catalog;
using LlmSim.Planning.Objectives;
using LlmSim.Planning.Plans;
using LlmSim.Specs;
using LlmSim.Tests.Cli;
using LlmSim.Uncertainty;
using LlmSim.Workloads;

namespace LlmSim.Tests.Planning;

/// <summary>A plan gives what simulating every deployment to the end gives, in fewer and shorter runs.</summary>
public sealed class PlanTests
{
    private static readonly PlanOptions Plain = new() { Uncertainty = UncertaintyMode.Off };

    [Theory]
    [InlineData("ttft.p99:400ms,tpot.p90:30ms", 20)]
    [InlineData("ttft.p99:150ms", 30)]
    [InlineData("e2el.p95:2500ms", 25)]
    [InlineData("tpot.p99:9ms", 12)]
    [InlineData("ttft.mean:60ms,itl.p99:60ms", 16)]
    [InlineData("queue.p99:10ms", 40)]
    public void Exhaustive_search_finds_the_same(string slo, double rate)
    {
        SimulatorConfig config = Scenario(rate);
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", slo));
        PlanResult found = PlanSearch.Run(config, goal, Space(), Plain);
        PlanResult all = PlanSearch.Run(config, goal, Space(), Plain with { IsExhaustive = true });
        Assert.NotEmpty(all.Front);
        Assert.Equal(all.Front.Select(outcome => outcome.Candidate), found.Front.Select(outcome => outcome.Candidate));
        Assert.Equal(all.Front.Select(outcome => outcome.Statistics.EndToEndLatency.Mean), found.Front.Select(outcome => outcome.Statistics.EndToEndLatency.Mean));
        Assert.Equal(all.CheaperMiss?.Candidate, found.CheaperMiss?.Candidate);
        Assert.Equal((0, 0), (all.Counts.RuledOut, all.Counts.CutShort));
        Assert.Equal(all.Counts.Simulated, found.Counts.RuledOut + found.Counts.CutShort + found.Counts.Simulated);
        Assert.True(found.Counts.Simulated < all.Counts.Simulated);
    }

    [Fact]
    public void Bounds_rule_out_nothing_that_a_simulation_keeps()
    {
        // Objectives just above what each deployment reaches: none may be ruled out that keeps them.
        SimulatorConfig config = Scenario(20);
        PlanResult all = PlanSearch.Run(config, new ServiceGoal([]), Space(), Plain with { IsExhaustive = true });
        foreach (LatencyObjective shape in ObjectiveText.Parse("--slo", "ttft.p50:1,ttft.p99:1,tpot.p50:1,tpot.p99:1,e2el.p50:1,e2el.p99:1,queue.p99:1"))
        {
            foreach (PlanOutcome outcome in all.Simulated.Where((_, i) => i % 6 == 0))
            {
                double reached = Math.Max(1e-6, shape.Seconds(outcome.Statistics));
                var goal = new ServiceGoal([shape with { Limit = LlmSim.Simulation.SimTime.FromSeconds(reached * 1.0001) }]);
                PlanCandidate one = outcome.Candidate;
                PlanSpace only = new()
                {
                    Gpus = [one.Gpu],
                    MostGpus = one.Gpus,
                    TensorParallel = [one.TensorParallel],
                    PipelineParallel = [one.PipelineParallel],
                    MaxNumSeqs = [one.MaxNumSeqs],
                    MaxNumBatchedTokens = [one.MaxNumBatchedTokens],
                    WeightTypes = [one.WeightType],
                };
                bool isKept = goal.Judge(outcome.Statistics).IsKept;
                PlanResult found = PlanSearch.Run(config, goal, only, Plain);
                bool isFound = found.Front.Any(kept => kept.Candidate.Replicas <= one.Replicas);
                Assert.True(isKept == isFound, $"{goal.Objectives[0]} {one} {found.Counts}");
            }
        }
    }

    [Fact]
    public void Threads_do_not_matter()
    {
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p99:400ms,tpot.p90:30ms"));
        PlanResult[] found = [.. new[] { 1, 4 }.Select(threads => PlanSearch.Run(Scenario(20), goal, Space(), new PlanOptions { Threads = threads }))];
        Assert.Equal(found[0].Front.Select(outcome => outcome.Candidate), found[1].Front.Select(outcome => outcome.Candidate));
        Assert.Equal(found[0].Counts, found[1].Counts);
        Assert.Equal(found[0].Sureness, found[1].Sureness);
    }

    [Fact]
    public void Without_a_price_of_each_GPU_their_number_decides()
    {
        var goal = new ServiceGoal(ObjectiveText.Parse("--slo", "ttft.p99:400ms"));
        PlanResult unpriced = PlanSearch.Run(Scenario(20), goal, Space(), Plain with { Prices = PriceTable.Parse("gpu,price_per_gpu_hour,currency,source,date\nl40s,,,,\nh100,2,USD,me,2026-01-01\n", "p") });
        Assert.False(unpriced.RanksByCost);
        Assert.Equal(unpriced.Front.Select(outcome => outcome.Candidate.Gpus).Order(), unpriced.Front.Select(outcome => outcome.Candidate.Gpus));

        // A GPU that costs nearly nothing wins, whatever it takes.
        PlanResult cheap = PlanSearch.Run(Scenario(20), goal, Space(), Plain with { Prices = PriceTable.Parse("gpu,price_per_gpu_hour,currency,source,date\nl40s,0.01,USD,me,2026-01-01\nh100,2,USD,me,2026-01-01\n", "p") });
        Assert.True(cheap.RanksByCost);
        Assert.Equal("l40s", cheap.Front[0].Candidate.Gpu.Name);
    }

    [Fact]
    public void What_no_deployment_keeps_is_said_with_the_nearest()
    {
        Terminal terminal = Terminal.Run(
            "plan", "--model", "llama-3.1-8b", "--gpus", "l4", "--max-gpus", "2", "--request-rate", "30", "--slo", "ttft.p99:100ms,tpot.p99:20ms", "--num-requests", "500");
        Assert.Equal((3, ""), (terminal.ExitCode, terminal.Output));
        Assert.Contains("no deployment of these keeps the goals", terminal.Errors, StringComparison.Ordinal);
        Assert.Contains("misses ttft.p99 by", terminal.Errors, StringComparison.Ordinal);
        Assert.Matches(@"would keep ttft\.p99:\d+ms,tpot\.p99:\d+ms", terminal.Errors);
    }

    [Fact]
    public void A_model_that_one_of_the_GPUs_cannot_compute_runs_on_the_others()
    {
        // Published in FP8: not for an A100, which is also the GPU of a scenario that names none.
        string plan = Terminal.Print("plan", "--model", "deepseek-v3", "--gpus", "a100,h200", "--tp", "8", "--pp", "1", "--request-rate", "1", "--num-requests", "200",
            "--slo=ttft.p99:10s", "--uncertainty", "off");
        Assert.Contains("8 x h200-141gb-sxm, tp 8", plan, StringComparison.Ordinal);
        string[] problems = Terminal.Problems("plan", "--model", "deepseek-v3", "--gpus", "a100", "--slo=ttft.p99:10s");
        Assert.Contains(problems, line => line.StartsWith("dtype: fp8", StringComparison.Ordinal));
    }

    [Fact]
    public void Command_lines_say_what_was_simulated()
    {
        SimulatorConfig config = Scenario(5) with { Parallelism = new ParallelismSpec { Routing = RoutingPolicy.LeastOutstanding } };
        PlanOutcome One(PlanCandidate candidate)
        {
            SimulatorConfig deployed = candidate.Apply(config, null);
            return new PlanOutcome(candidate, deployed, new LlmInferenceSimulator(deployed).Run().ComputeStatistics(), new GoalVerdict("pace", null, 0));
        }

        GpuSpec h100 = GpuCatalog.Get("h100");
        PlanOutcome small = One(new PlanCandidate(h100, 2, 1, 3, DataType.Fp8, 64, null));
        Assert.Equal(
            "vllm serve meta-llama/Llama-3.1-8B --tensor-parallel-size 2 --data-parallel-size 3 --quantization fp8 --max-model-len 131072 --max-num-seqs 64 --max-num-batched-tokens 8192",
            string.Join(' ', VllmCommands.Serve(small, config.Model)));
        Assert.Equal(1, VllmCommands.Servers(small.Config));
        Assert.Equal(
            "vllm bench serve --model meta-llama/Llama-3.1-8B --dataset-name random --random-input-len 512 --random-output-len 128 --request-rate 5 --num-prompts 1500 --ignore-eos "
                + "--percentile-metrics ttft,tpot,itl,e2el --metric-percentiles 50,90,99",
            string.Join(' ', VllmCommands.Bench(small, new ServiceGoal(ObjectiveText.Parse("--slo", "tpot.p90:50ms")), "x.jsonl")));

        // Three replicas of four GPUs: two fit in a node, so that it takes three servers. Sixteen GPUs in a pipeline span two nodes.
        PlanOutcome wide = One(new PlanCandidate(h100, 4, 1, 3, null, null, 2048));
        Assert.Equal(3, VllmCommands.Servers(wide.Config));
        Assert.DoesNotContain("--data-parallel-size", string.Join(' ', VllmCommands.Serve(wide, config.Model)), StringComparison.Ordinal);
        PlanOutcome deep = One(new PlanCandidate(h100, 8, 2, 1, null, null, null));
        Assert.Contains("--pipeline-parallel-size 2 --distributed-executor-backend ray", string.Join(' ', VllmCommands.Serve(deep, config.Model)), StringComparison.Ordinal);
    }

    [Fact]
    public void Requests_for_a_benchmark_are_those_simulated()
    {
        WorkloadSpec workload = new() { NumRequests = 50, InputLength = LengthSpec.Lognormal(900, 0.8), OutputLength = LengthSpec.Lognormal(80, 0.5) };
        using var file = new MemoryStream();
        BenchTrace.Write(file, workload, 3);
        JsonElement[] rows = [.. Encoding.UTF8.GetString(file.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        KeptRequests requests = KeptRequests.Of(RequestSources.Create(workload, 3));
        Assert.Equal(50, rows.Length);
        Assert.All(requests.All.Zip(rows), pair =>
        {
            Assert.Equal(pair.First.InputTokens, pair.Second.GetProperty("input_length").GetInt32());
            Assert.Equal(pair.First.OutputTokens, pair.Second.GetProperty("output_length").GetInt32());
            Assert.Equal(pair.First.Arrival.Milliseconds, pair.Second.GetProperty("timestamp").GetDouble(), 1e-3);
            Assert.Equal((pair.First.InputTokens + 511) / 512, pair.Second.GetProperty("hash_ids").GetArrayLength());
        });
        Assert.Equal(rows.Sum(row => row.GetProperty("hash_ids").GetArrayLength()), rows.SelectMany(row => row.GetProperty("hash_ids").EnumerateArray().Select(id => id.GetInt64())).Distinct().Count());
    }

    [Theory]
    [InlineData("gpu,price\nh100,3\n", "the columns gpu,price_per_gpu_hour,currency,source,date")]
    [InlineData("gpu,price_per_gpu_hour,currency,source,date\nh1000,3,USD,x,y\n", "Did you mean h100")]
    [InlineData("gpu,price_per_gpu_hour,currency,source,date\nh100,-3,USD,x,y\n", "a number above 0")]
    [InlineData("gpu,price_per_gpu_hour,currency,source,date\nh100,3,USD,x\n", "4 columns")]
    [InlineData("gpu,price_per_gpu_hour,currency,source,date\nh100,3,USD,x,y\nh100-80gb-sxm,4,USD,x,y\n", "each GPU once")]
    public void Tables_of_prices_that_are_wrong_are_refused(string table, string words)
    {
        var refused = Assert.Throws<ConfigException>(() => PriceTable.Parse(table, "prices.csv"));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("prices.csv:", refused.Problems[0].Field, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_that_come_along_have_a_source_and_a_date()
    {
        GpuPrice[] prices = [.. GpuCatalog.All.Select(PriceTable.Default.Of).OfType<GpuPrice>()];
        Assert.NotEmpty(prices);
        Assert.All(prices, price =>
        {
            Assert.NotEmpty(price.Source);
            Assert.Matches(@"^\d{4}-\d\d-\d\d$", price.Date);
            Assert.Equal("USD", price.Currency);
        });
    }

    [Fact]
    public void Flags_that_are_wrong_are_refused_all_at_once()
    {
        string[] problems = Terminal.Problems("plan", "--gpus", "l4,hx100", "--max-gpus", "0", "--tp", "1,x", "--weight-types", "fp9", "--slo", "ttft:1", "--price", "none.csv");
        Assert.Equal(6, problems.Length);
        Assert.Contains(Terminal.Problems("plan", "--slo", "ttft.p99:1s"), line => line.StartsWith("--gpus: nothing", StringComparison.Ordinal));
        Assert.Contains(Terminal.Problems("plan", "--gpus", "h100", "--engine", "sglang"), line => line.StartsWith("engine: sglang", StringComparison.Ordinal));
    }

    private static SimulatorConfig Scenario(double rate) => new()
    {
        Model = ModelCatalog.Get("llama-3.1-8b"),
        Cluster = new ClusterSpec { Gpu = GpuCatalog.Get("l40s") },
        Workload = new WorkloadSpec { RequestRatePerSecond = rate, NumRequests = 1500 },
    };

    private static PlanSpace Space() => new()
    {
        Gpus = [GpuCatalog.Get("l40s"), GpuCatalog.Get("h100")],
        MostGpus = 4,
        TensorParallel = [1, 2],
        PipelineParallel = [1, 2],
        MaxNumSeqs = [null, 32],
        MaxNumBatchedTokens = [null],
    };
}
