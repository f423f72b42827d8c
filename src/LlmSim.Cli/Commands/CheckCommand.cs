using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Costs;
using LlmSim.Reporting;
using LlmSim.Serving;
using LlmSim.Specs;
using LlmSim.Workloads;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim check</c>: validates a scenario, and its trace to the last row, without running it.</summary>
internal sealed class CheckCommand : ScenarioCommand
{
    private const double Gib = 1L << 30;

    private readonly TextWriter _output;

    public CheckCommand(TextWriter output) : base("check", "Validate a scenario without running it.")
    {
        _output = output;
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        SimulatorConfig config = ReadScenario(parsed);
        var problems = new ProblemBox();
        Deployment? deployment = problems.Try(() => Deployment.Resolve(config));
        TraceSummary? trace = problems.Try(() => ReadFiles(config));
        problems.ThrowIfAny();
        PrintDeployment(deployment!);
        if (trace is not null)
        {
            _output.WriteLine($"Trace      {trace.Requests} requests over {trace.Span.Seconds:0.###} s ({trace.Format}), "
                + $"mean input {trace.MeanInputTokens:0.#}, mean output {trace.MeanOutputTokens:0.#} tokens");
            if (trace.RepeatedShare is { } repeated)
            {
                _output.WriteLine($"Prefixes   {repeated:0.0%} of the prompt tokens repeat the beginning of an earlier prompt");
            }

        }

        _output.WriteLine("The scenario is valid.");
        return ExitCode.Success;
    }

    /// <summary>Reads all files of the workload: those of lengths into memory, a trace row by row.</summary>
    private static TraceSummary? ReadFiles(SimulatorConfig config)
    {
        if (config.Workload.Trace is not { } trace)
        {
            using RequestSource source = RequestSources.Create(config.Workload, config.Seed);
            return null;
        }

        TraceSummary summary = TraceSummary.Scan(config.Workload);
        long more = summary.ProblemCount - summary.Problems.Count;
        return summary.ProblemCount == 0 ? summary : throw new ConfigException(more == 0 ? summary.Problems
            : [.. summary.Problems, new ConfigProblem(trace.Path, $"{more} more rows", "requests", "Correct those listed first.")]);
    }

    private void PrintDeployment(Deployment deployment)
    {
        (EngineLimits limits, MemoryPlan memory, SimulatorConfig config) = (deployment.Limits, deployment.Memory, deployment.Config);
        long tokens = (long)limits.UsableBlocks * limits.BlockSize;
        _output.WriteLine($"Model      {config.Model.Name}, {config.Model.ParameterCount() / 1e9:0.00} billion parameters");
        _output.WriteLine($"GPUs       {config.Cluster.GpuCount ?? config.Parallelism.Gpus} x {config.Cluster.Gpu.Name}, "
            + Words.Of(config.Parallelism));
        _output.WriteLine($"Memory     of {memory.TotalBytes / Gib:0.00} GiB a GPU: weights {memory.WeightBytes / Gib:0.00}, "
            + $"activations {memory.ActivationBytes / Gib:0.00}, runtime {memory.ReserveBytes / Gib:0.00}, "
            + $"KV cache {memory.KvPoolBytes / Gib:0.00}");
        _output.WriteLine($"KV cache   {limits.UsableBlocks} blocks of {limits.BlockSize} tokens: {tokens} tokens, "
            + $"{tokens / (double)limits.MaxModelLen:0.0} sequences of full length");
        _output.WriteLine($"Engine     {Words.OfEngine(config)}max_num_seqs {limits.MaxNumSeqs}, max_num_batched_tokens {limits.MaxNumBatchedTokens}, "
            + $"max_model_len {limits.MaxModelLen}, {Words.OfBatching(config, limits.MaxNumSeqs)}");
    }
}
