using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim merge</c>: joins the parts of a sweep into what the whole sweep would have written.</summary>
internal sealed class MergeCommand : Command
{
    private readonly TextWriter _output;
    private readonly Argument<string[]> _shards = new("SHARD") { Arity = ArgumentArity.OneOrMore, Description = "What llmsim sweep --shard wrote: all parts of one sweep, in any order." };
    private readonly Option<string> _out = FileFlag.Of("--out", "Write a row for each run: .csv or .parquet.");
    private readonly Option<string> _report = FileFlag.Of("--report", "Write the runs as a page with a chart of your choice: HTML, one file.");
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print no summary." };

    public MergeCommand(TextWriter output) : base("merge", "Join the parts of a sweep that llmsim sweep --shard wrote.")
    {
        _output = output;
        Add(_shards);
        Add(_out);
        Add(_report);
        Add(_quiet);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        SweepFiles? files = problems.Try(() => new SweepFiles(parsed.GetValue(_out), parsed.GetValue(_report), isShard: false));
        using SweepMerge? merge = problems.Try(() => SweepMerge.Open(parsed.GetRequiredValue(_shards), _shards.Name));
        problems.ThrowIfAny();
        SweepTotals totals = files!.Write(merge!.Header, merge.Rows());
        if (!parsed.GetValue(_quiet))
        {
            SweepScreen.Write(_output, merge.Header, totals);
        }

        return ExitCode.Success;
    }
}
