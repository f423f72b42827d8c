using System.CommandLine;
using System.Text;
using LlmSim.Calibration;
using LlmSim.Calibration.Fitting;
using LlmSim.Calibration.Tables;
using LlmSim.Catalog;
using LlmSim.Cli.Output;
using LlmSim.Reporting;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim calibrate</c>: fits a profile of kernel times to measured tables.</summary>
internal sealed class CalibrateCommand : Command
{
    private readonly TextWriter _output;
    private readonly Argument<string[]> _tables = new("TABLES")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Folders of measured tables (CSV, Parquet) of one GPU; those below are looked through as well.",
    };

    private readonly Option<string> _gpu = new("--gpu") { HelpName = "NAME", Description = "The GPU they were measured on." };
    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "The profile to write (JSON)." };
    private readonly Option<string> _engine = new("--engine")
    {
        HelpName = "NAME",
        Description = "The engine whose kernels to take. Default vllm.",
        DefaultValueFactory = _ => "vllm",
    };

    private readonly Option<string?> _version = new("--engine-version")
    {
        HelpName = "VERSION",
        Description = "Its version. Default: of each table the newest.",
    };

    private readonly Option<bool> _regions = new("--regions") { Description = "Print errors by part of the shapes as well: few and many rows, short and long contexts." };
    private readonly Option<bool> _leaveOut = new("--leave-one-gpu-out")
    {
        Description = "Fit nothing: predict the tables of each GPU from the profiles of the others. TABLES then holds a folder named after each GPU.",
    };

    public CalibrateCommand(TextWriter output) : base("calibrate", "Fit a profile of kernel times to measured tables.")
    {
        _output = output;
        Add(_tables);
        Add(_gpu);
        Add(_out);
        Add(_engine);
        Add(_version);
        Add(_regions);
        Add(_leaveOut);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        CheckFlags(parsed);
        string[] folders = parsed.GetRequiredValue(_tables);
        (string engine, string? version) = (parsed.GetRequiredValue(_engine), parsed.GetValue(_version));
        if (parsed.GetValue(_leaveOut))
        {
            LeftOutReport.Write(_output, LeftOutFamily.All(GpuTables.Find(folders, engine, version)));
            return ExitCode.Success;
        }

        var problems = new ProblemBox();
        GpuSpec? gpu = problems.Try(() => GpuCatalog.Get(parsed.GetRequiredValue(_gpu)));
        TableFiles? files = problems.Try(() => new TableFiles(folders, engine, version));
        using AtomicFile? file = problems.Try(() => AtomicFile.Create(parsed.GetRequiredValue(_out), _out.Name));
        problems.ThrowIfAny();
        KernelProfile profile = ProfileFit.Run(gpu!, files!);
        file!.Write(Encoding.UTF8.GetBytes(KernelProfileJson.Write(profile)));
        file.Commit();
        CalibrationReport.Write(_output, profile, parsed.GetValue(_regions));
        foreach (string folder in files!.LayerFolders.Where(folder => !LayerTables.CanRead(folder)))
        {
            _output.WriteLine($"Not read: {folder}, of no dense model that llmsim models lists.");
        }

        return ExitCode.Success;
    }

    private void CheckFlags(ParseResult parsed)
    {
        var list = new ProblemList();
        bool leavesOut = parsed.GetValue(_leaveOut);
        foreach (Option option in new Option[] { _gpu, _out })
        {
            bool isGiven = parsed.GetResult(option) is not null;
            list.Require(isGiven || leavesOut, option.Name, "nothing", "a value", $"Add {option.Name}, or {_leaveOut.Name}.");
            list.Require(!isGiven || !leavesOut, option.Name, "a value", $"nothing with {_leaveOut.Name}", "Leave one of the two out.");
        }

        list.Require(!leavesOut || !parsed.GetValue(_regions), _regions.Name, "given", $"without {_leaveOut.Name}", "Leave one of the two out.");
        if (list.Problems.Count > 0)
        {
            throw new ConfigException(list.Problems);
        }
    }
}
