using System.CommandLine;
using LlmSim.Cli.Output;
using LlmSim.Conformance;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim conformance</c>: replays schedules recorded from real engines.</summary>
internal sealed class ConformanceCommand : Command
{
    private static readonly string[] Patterns = ["*.json", "*.json.gz"];

    private readonly TextWriter _output;
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Recorded schedules (.json, .json.gz), or folders of them.",
    };

    private readonly Option<bool> _stepByStep = new("--step-by-step") { Description = "Replay with the plain engine." };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print only what differs, and the count." };

    public ConformanceCommand(TextWriter output)
        : base("conformance", "Replay schedules recorded from real engines and compare every step.")
    {
        _output = output;
        Add(_paths);
        Add(_stepByStep);
        Add(_quiet);
        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        var problems = new ProblemBox();
        List<string> files = [];
        foreach (string path in parsed.GetRequiredValue(_paths))
        {
            problems.Try(() => files.AddRange(FilesOf(path)));
        }

        problems.ThrowIfAny();
        (int identical, int different, int notModelled) = (0, 0, 0);
        foreach (string file in files)
        {
            RecordedSchedule? schedule = problems.Try(() => ScheduleReader.Read(file));
            if (schedule is null)
            {
                continue;
            }

            if (schedule.NotModelled.Count > 0)
            {
                notModelled++;
                _output.WriteLine($"not modelled  {file}: {string.Join(", ", schedule.NotModelled)}");
            }
            else if (ScheduleReplay.FirstDifference(schedule, parsed.GetValue(_stepByStep)) is { } difference)
            {
                different++;
                _output.WriteLine($"different     {file}: {difference}");
            }
            else
            {
                identical++;
                if (!parsed.GetValue(_quiet))
                {
                    _output.WriteLine($"identical     {file}");
                }
            }
        }

        _output.WriteLine($"{identical} identical, {different} different, {notModelled} not modelled");
        problems.ThrowIfAny();
        return identical == files.Count ? ExitCode.Success : ExitCode.Different;
    }

    private static string[] FilesOf(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        string[] found = Directory.Exists(path)
            ? [.. Patterns.SelectMany(pattern => Directory.GetFiles(path, pattern, SearchOption.AllDirectories)).Distinct().Order(StringComparer.Ordinal)]
            : [];
        return found.Length > 0 ? found : throw new ConfigException(new ConfigProblem(
            path, Directory.Exists(path) ? "a folder without recorded schedules" : "nothing there",
            "a recorded schedule (.json, .json.gz) or a folder of them", "Check the path."));
    }
}
