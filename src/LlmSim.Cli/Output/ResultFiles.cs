using System.CommandLine;
using System.Text;
using LlmSim.Reporting;
using LlmSim.Specs;

namespace LlmSim.Cli.Output;

/// <summary>The files of a command's result: JSON and a page. Both are opened before the work, so that a bad path is known at once.</summary>
internal sealed class ResultFiles : IDisposable
{
    private const string StandardOutput = "-";

    private readonly AtomicFile? _json;
    private readonly AtomicFile? _report;

    private ResultFiles(string? json, string? report)
    {
        CheckPaths(json, report);
        PrintsJson = json == StandardOutput;
        var problems = new ProblemBox();
        _json = json is null or StandardOutput ? null : problems.Try(() => AtomicFile.Create(json, "--json"));
        _report = report is null ? null : problems.Try(() => AtomicFile.Create(report, "--report"));
        try
        {
            problems.ThrowIfAny();
        }
        catch (ConfigException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether the JSON goes to standard output, where nothing else may be printed then.</summary>
    public bool PrintsJson { get; }

    /// <summary>Whether a page is wanted.</summary>
    public bool HasReport => _report is not null;

    /// <summary>Writes the result where it is wanted.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="json">Gives the result as JSON.</param>
    /// <param name="report">Gives it as a page.</param>
    /// <param name="print">Prints it for people; not called where the JSON is printed.</param>
    /// <exception cref="ConfigException">A file cannot be written to its end.</exception>
    public void Write(TextWriter output, Func<byte[]> json, Func<byte[]> report, Action print)
    {
        byte[] result = PrintsJson || _json is not null ? json() : [];
        _json?.Write(result);
        _report?.Write(report());
        _json?.Commit();
        _report?.Commit();
        if (PrintsJson)
        {
            output.Write(Encoding.UTF8.GetString(result));
        }
        else
        {
            print();
        }
    }

    public void Dispose()
    {
        _json?.Dispose();
        _report?.Dispose();
    }

    private static void CheckPaths(string? json, string? report)
    {
        if (report == StandardOutput)
        {
            throw new ConfigException(new ConfigProblem("--report", report, "a file", "Give the page a path."));
        }

        if (json is not null && report is not null)
        {
            DifferentFiles.Check([("--json", json), ("--report", report)]);
        }
    }

    /// <summary>The flags that name them.</summary>
    internal sealed class Flags
    {
        private readonly Option<string> _json = FileFlag.Of("--json", "Write the result as JSON; - for standard output.");
        private readonly Option<string> _report = FileFlag.Of("--report", "Write it as a page with charts: HTML, one file.");

        /// <summary>Adds the flags to a command.</summary>
        public Flags(Command command)
        {
            command.Add(_json);
            command.Add(_report);
        }

        /// <summary>Opens the files.</summary>
        /// <exception cref="ConfigException">A path cannot be written; lists everything found.</exception>
        public ResultFiles Open(ParseResult parsed) => new(parsed.GetValue(_json), parsed.GetValue(_report));
    }
}
