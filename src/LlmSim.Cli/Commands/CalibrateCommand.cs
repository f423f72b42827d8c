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

    private readonly Option<string> _gpu = new("--gpu") { HelpName = "NAME", Description = "The GPU they were measured on.", Required = true };
    private readonly Option<string> _out = new("--out") { HelpName = "FILE", Description = "The profile to write (JSON).", Required = true };
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

    public CalibrateCommand(TextWriter output) : base("calibrate", "Fit a profile of kernel times to measured tables.")
    {
        _output = output;
        Add(_tables);
        Add(_gpu);
        Add(_out);
        Add(_engine);
        Add(_version);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        GpuSpec? gpu = problems.Try(() => GpuCatalog.Get(parsed.GetRequiredValue(_gpu)));
        TableFiles? files = problems.Try(() => new TableFiles(
            parsed.GetRequiredValue(_tables), parsed.GetRequiredValue(_engine), parsed.GetValue(_version)));
        problems.ThrowIfAny();
        KernelProfile profile = ProfileFit.Run(gpu!, files!);
        string path = parsed.GetRequiredValue(_out);
        AtomicFile.WriteAll(path, "--out", Encoding.UTF8.GetBytes(KernelProfileJson.Write(profile)));

        var table = Screen.Table("family", ">rows", ">left out", ">error", ">median", "measured");
        foreach ((string name, FitQuality quality) in KernelFamilies.Of(profile))
        {
            table.Add(name, $"{quality.Rows}", $"{quality.LeftOut}", $"{quality.HeldOutError:0.0%}", $"{quality.HeldOutMedian:0.0%}", quality.Measured);
        }

        Screen.Write(_output, table);
        _output.WriteLine("Errors are means and medians of |predicted / measured - 1| on shapes that the fit did not see.");
        return ExitCode.Success;
    }
}
