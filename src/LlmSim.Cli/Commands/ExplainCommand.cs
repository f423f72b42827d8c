using System.CommandLine;
using LlmSim.Calibration;
using LlmSim.Cli.Output;
using LlmSim.Cli.Scenarios;
using LlmSim.Costs;
using LlmSim.Serving;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim explain</c>: prints the cost of one step, operator by operator.</summary>
internal sealed class ExplainCommand : ScenarioCommand
{
    private readonly TextWriter _output;
    private readonly Option<int> _batch = Count("--batch", "Decoding sequences in the step.", 1);
    private readonly Option<int> _context = Count("--context", "Tokens each of them has behind it.", 512);
    private readonly Option<int> _chunk = Count("--chunk", "New prompt tokens in the step; 0 for none.", 0);
    private readonly Option<int> _chunkContext = Count("--chunk-context", "Tokens of that prompt computed before.", 0);

    public ExplainCommand(TextWriter output)
        : base("explain", "Print what one engine step costs, operator by operator.", flag => flag.Group != ScenarioFlags.Workload)
    {
        _output = output;
        Add(_batch);
        Add(_context);
        Add(_chunk);
        Add(_chunkContext);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        SimulatorConfig? config = problems.Try(() => ReadScenario(parsed));
        Deployment? deployment = config is null ? null : problems.Try(() => Deployment.Resolve(config));
        (int batch, int context) = (parsed.GetValue(_batch), parsed.GetValue(_context));
        (int chunk, int chunkContext) = (parsed.GetValue(_chunk), parsed.GetValue(_chunkContext));
        problems.Try(() => Check(batch, context, chunk, chunkContext, deployment?.Limits));
        problems.ThrowIfAny();

        var shape = deployment!.Cost.NewBatch();
        shape.AddDecode(batch, batch * (context + 1L));
        if (chunk > 0)
        {
            shape.AddPrefill(chunk, chunkContext, endsPrompt: true);
        }

        _output.WriteLine($"Step       {batch} decoding sequences with {context} tokens behind them, "
            + (chunk > 0 ? $"{chunk} prompt tokens behind {chunkContext}" : "no prompt tokens"));
        int stages = config!.Parallelism.PipelineParallel;
        _output.WriteLine($"On         {config.Model.Name}, {config.Parallelism.TensorParallel} x {config.Cluster.Gpu.Name}; figures of one GPU"
            + (stages > 1 ? $" in each of {stages} stages, summed" : ""));
        _output.WriteLine($"Kernels    {KernelProfiles.Describe(KernelProfiles.For(config), config.Cluster.Gpu)}");
        _output.WriteLine();
        Print(deployment.Cost.Explain(in shape));
        _output.WriteLine();
        TimeSources.Write(_output, config);
        return ExitCode.Success;
    }

    private void Print(StepExplanation step)
    {
        var table = Screen.Table("operator", ">kernels", ">GFLOP", ">MB", ">us", ">share", "bound by");
        foreach (OperatorCost cost in step.Operators)
        {
            table.Add(cost.Operator.Label(), $"{cost.Kernels:0.#}", $"{cost.Flops / 1e9:0.00}", $"{cost.Bytes / 1e6:0.00}",
                $"{cost.Seconds * 1e6:0.0}", $"{cost.Seconds / step.GpuSeconds:0.0%}", cost.BoundBy.ToString().ToLowerInvariant());
        }

        Screen.Write(_output, table);
        _output.WriteLine();
        string combine = step.HostOverlaps ? "the longer" : "their sum";
        _output.WriteLine($"Time       GPU {step.GpuSeconds * 1e3:0.000} ms, host {step.HostSeconds * 1e3:0.000} ms; "
            + $"the step takes {combine}: {step.StepSeconds * 1e3:0.000} ms");
        if (step.StageSeconds.Count > 1)
        {
            _output.WriteLine($"Stages     {string.Join(" + ", step.StageSeconds.Select(seconds => $"{seconds * 1e3:0.000}"))} ms");
        }
    }

    /// <summary>A step that the engine would never form tells nothing.</summary>
    private static void Check(int batch, int context, int chunk, int chunkContext, EngineLimits? limits)
    {
        var list = new ProblemList();
        list.AtLeast(0, "--batch", batch, "Give a number of sequences.");
        list.AtLeast(0, "--context", context, "Give a number of tokens.");
        list.AtLeast(0, "--chunk", chunk, "Give a number of tokens.");
        list.AtLeast(0, "--chunk-context", chunkContext, "Give a number of tokens.");
        list.Require(batch != 0 || chunk != 0, "--batch", batch, "above 0 without --chunk", "Put something into the step.");
        if (limits is not null)
        {
            list.Require(batch + (chunk > 0 ? 1L : 0) <= limits.MaxNumSeqs, "--batch", batch,
                $"with the chunk at most max_num_seqs, {limits.MaxNumSeqs}", "Lower it, or raise --max-num-seqs.");
            list.Require((long)batch + chunk <= limits.MaxNumBatchedTokens, "--chunk", chunk,
                $"with the batch at most max_num_batched_tokens, {limits.MaxNumBatchedTokens}", "Lower it, or raise --max-num-batched-tokens.");
            list.Require(context < limits.MaxModelLen, "--context", context, $"below max_model_len, {limits.MaxModelLen}", "Lower it.");
            list.Require((long)chunk + chunkContext <= limits.MaxModelLen, "--chunk-context", chunkContext,
                $"with the chunk at most max_model_len, {limits.MaxModelLen}", "Lower it.");
        }

        if (list.Problems.Count > 0)
        {
            throw new ConfigException(list.Problems);
        }
    }

    private static Option<int> Count(string name, string description, int standard) => new(name)
    {
        HelpName = "N",
        Description = $"{description} Default {standard}.",
        DefaultValueFactory = _ => standard,
    };
}
