using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Sweeps;
using LlmSim.Reporting.Sweeps;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim sweep</c>: simulates a scenario with every combination of some values, and goes on where it was if it is stopped.</summary>
internal sealed class SweepCommand : Command, IHasScenarioFlags
{
    private const int MostThreads = 1024;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly Argument<string> _file = new("SWEEP") { Description = "Sweep file, YAML or JSON: scenario, axes, zip; flags are laid over its scenario." };
    private readonly Option<string> _out = FileFlag.Of("--out", "Write a row for each run: .csv or .parquet; with --shard any other name.");
    private readonly Option<string> _report = FileFlag.Of("--report", "Write the runs as a page with a chart of your choice: HTML, one file.");
    private readonly Option<string> _threads = new("--threads") { HelpName = "N", Description = "Runs at the same time. Default: as many as there are cores.", Arity = ArgumentArity.ExactlyOne };
    private readonly Option<string> _shard = new("--shard") { HelpName = "I/N", Description = "Simulate the I-th of N parts; llmsim merge joins them.", Arity = ArgumentArity.ExactlyOne };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print neither summary nor progress." };

    public SweepCommand(TextWriter output, TextWriter error)
        : base("sweep", "Simulate a scenario with every combination of some values.")
    {
        _output = output;
        _error = error;
        Add(_file);
        Add(_out);
        Add(_report);
        Add(_threads);
        Add(_shard);
        Add(_quiet);
        Scenario = new ScenarioOptions(this);
        SetAction(Run);
    }

    /// <summary>The scenario flags.</summary>
    public ScenarioOptions Scenario { get; }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        SweepSpec? sweep = problems.Try(() => SweepFile.Read(
            ScenarioOptions.ReadFile(parsed.GetRequiredValue(_file)), Scenario.ReadFlags(parsed), ScenarioOptions.ReadFile));
        if (sweep is not null)
        {
            problems.Try(() => SweepCheck.Check(sweep));
        }

        int threads = 1;
        Shard? shard = null;
        problems.Try(() => threads = NumberFlag.ReadWhole(parsed, _threads, 1, MostThreads) ?? Environment.ProcessorCount);
        problems.Try(() => shard = parsed.GetValue(_shard) is { } text ? Shard.Parse(_shard.Name, text) : null);
        SweepFiles? files = problems.Try(() => new SweepFiles(parsed.GetValue(_out), parsed.GetValue(_report), parsed.GetValue(_shard) is not null));
        problems.ThrowIfAny();

        SweepHeader header = SweepHeader.Of(sweep!, shard ?? Shard.Whole);
        using var journal = SweepJournal.Open($"{files!.Out}.journal", _out.Name, header);
        using var interrupt = new Interrupt();
        bool quiet = parsed.GetValue(_quiet);
        if (!SweepProgress.Run(new SweepRunner(sweep!, header.Shard, journal), threads, quiet ? null : _error, interrupt.Token))
        {
            _error.WriteLine($"llmsim: stopped; {journal.Done} of {journal.Runs} runs are done and kept in {journal.Path}. The same command goes on from there.");
            return ExitCode.Interrupted;
        }

        SweepTotals totals = files.Write(header, journal.Rows());
        journal.Delete();
        if (!quiet)
        {
            SweepScreen.Write(_output, header, totals);
        }

        return ExitCode.Success;
    }
}
