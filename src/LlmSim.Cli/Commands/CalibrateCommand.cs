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
        Description = "Folders of measured tables (CSV, Parquet); those below are looked through as well.",
    };

    private readonly Option<string?> _gpu = new("--gpu")
    {
        HelpName = "NAME",
        Description = "The GPU they were measured on. Default: TABLES holds a folder named after each GPU.",
        CompletionSources = { _ => GpuCatalog.All.Select(gpu => gpu.Name) },
    };

    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "The profile to write (JSON); without --gpu an existing folder, for a profile of each GPU." };
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
        Description = "Fit nothing: predict the tables of each GPU from the profiles of the others.",
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
        string path = parsed.GetRequiredValue(_out);
        bool isEach = parsed.GetValue(_gpu) is null;
        IReadOnlyList<GpuTables> all = problems.Try(() => isEach ? GpuTables.Find(folders, engine, version)
            : [new GpuTables(GpuCatalog.Get(parsed.GetValue(_gpu)!), new TableFiles(folders, engine, version))]) ?? [];
        string[] paths = [.. all.Select(one => isEach ? Path.Combine(path, $"{one.Gpu.Name}.json") : path)];
        foreach (string file in paths)
        {
            problems.Try(() => AtomicFile.Create(file, _out.Name).Dispose()); // What cannot be written is told before minutes of fitting.
        }

        problems.ThrowIfAny();
        KernelProfile[] profiles = GpuTables.Each(all, one => ProfileFit.Run(one.Gpu, one.Files));
        for (int i = 0; i < profiles.Length; i++)
        {
            AtomicFile.WriteAll(paths[i], _out.Name, Encoding.UTF8.GetBytes(KernelProfileJson.Write(profiles[i])));
            Write(all[i], profiles[i], isEach, parsed.GetValue(_regions));
        }

        CalibrationReport.WriteLegend(_output);
        return ExitCode.Success;
    }

    private void Write(GpuTables tables, KernelProfile profile, bool withName, bool withRegions)
    {
        if (withName)
        {
            _output.WriteLine(profile.Gpu);
        }

        CalibrationReport.Write(_output, profile, withRegions);
        foreach (string folder in tables.Files.LayerFolders.Where(folder => !LayerTables.CanRead(folder)))
        {
            _output.WriteLine($"Not read: {folder}, of no dense model that llmsim models lists.");
        }

        if (withName)
        {
            _output.WriteLine();
        }
    }

    private void CheckFlags(ParseResult parsed)
    {
        var list = new ProblemList();
        bool leavesOut = parsed.GetValue(_leaveOut);
        bool hasOut = parsed.GetResult(_out) is not null;
        list.Require(hasOut || leavesOut, _out.Name, "nothing", "a file, or without --gpu a folder", $"Add {_out.Name}, or {_leaveOut.Name}.");
        list.Require(!hasOut || !leavesOut, _out.Name, "given", $"nothing with {_leaveOut.Name}", "Leave one of the two out.");
        list.Require(parsed.GetResult(_gpu) is null || !leavesOut, _gpu.Name, "given", $"nothing with {_leaveOut.Name}", "Leave one of the two out.");
        list.Require(!leavesOut || !parsed.GetValue(_regions), _regions.Name, "given", $"without {_leaveOut.Name}", "Leave one of the two out.");
        if (list.Problems.Count > 0)
        {
            throw new ConfigException(list.Problems);
        }
    }
}
