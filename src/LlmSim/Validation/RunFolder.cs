using System.Globalization;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Validation;

/// <summary>Reads folders with a measured run: <c>experiment.json</c>, <c>requests.csv</c> and, where it is, <c>timeseries.csv</c>. The format: <c>docs/validation.md</c>.</summary>
internal static class RunFolder
{
    private const string Experiment = "experiment.json";
    private const string Table = "requests.csv";
    private const string Series = "timeseries.csv";
    private const double MostDeviation = 0.1;
    private const long SecondNs = 1_000_000_000;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="flags">What the command line says of the server, which goes before the file.</param>
    /// <exception cref="ConfigException">Something is missing, wrong, or contradicts itself; lists everything found.</exception>
    public static MeasuredRun Read(string folder, ScenarioNode flags)
    {
        if (!Directory.Exists(folder))
        {
            throw new ConfigException(new ConfigProblem(
                folder, "no such folder", $"a folder with {Experiment} and {Table}", "Check the path; it counts from the current directory."));
        }

        var problems = new List<ConfigProblem>();
        var notes = new List<string>();
        (string path, string table) = (Path.Combine(folder, Experiment), Path.Combine(folder, Table));
        ExperimentFile? experiment = Try(() => new ExperimentFile(path, problems), problems);
        SimulatorConfig? config = experiment is null ? null : Try(() => experiment.ReadServer(flags, notes), problems);
        List<MeasuredRequest> requests = RequestTable.Read(table, experiment?.GeneratedTokens, problems, out decimal origin);
        string series = Path.Combine(folder, Series);
        List<LoadPoint> load = File.Exists(series) ? LoadTable.Read(series, origin, problems, notes) : [];
        if (problems.Count == 0)
        {
            CheckCounts(path, experiment!, requests, problems);
        }

        if (config is null || problems.Count > 0)
        {
            throw new ConfigException(problems);
        }

        return new MeasuredRun
        {
            Name = experiment!.Id ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            Config = WithTimeout(config, requests, notes),
            Requests = WithPrompts(experiment, requests, notes),
            Load = load,
            Notes = notes,
        };
    }

    // Clients that gave up say themselves how long they waited, to the next check of their timer.
    private static SimulatorConfig WithTimeout(SimulatorConfig config, List<MeasuredRequest> requests, List<string> notes)
    {
        int failed = requests.Count(request => request.Times is null);
        if (failed == 0 || config.Workload.TimeoutSeconds is not null)
        {
            return config;
        }

        long[] after = [.. requests.Where(request => request.Times is null).Select(request => request.FailedAfter?.Nanoseconds ?? 0)];
        long least = after.Min() / SecondNs * SecondNs;
        if (least == 0 || after.Max() > least + (2 * SecondNs))
        {
            notes.Add($"{failed} requests failed, not all after the same time: simulated without a time-out (--timeout)");
            return config;
        }

        notes.Add(string.Create(CultureInfo.InvariantCulture, $"client_timeout_s is not given: {least / SecondNs}, after which requests failed"));
        return config with { Workload = config.Workload with { TimeoutSeconds = least / 1e9 } };
    }

    private static List<MeasuredRequest> WithPrompts(ExperimentFile experiment, List<MeasuredRequest> requests, List<string> notes)
    {
        if (requests.Any(request => request.Prompt >= 0) || experiment.DistinctPrompts is not { } distinct)
        {
            return requests;
        }

        notes.Add($"prompt_id is not given: the prompts go round after {distinct}");
        return [.. requests.Select((request, i) => request with { Prompt = i % distinct })];
    }

    // The sums of the table against what the load generator measured.
    private static void CheckCounts(string path, ExperimentFile experiment, List<MeasuredRequest> requests, List<ConfigProblem> problems)
    {
        MeasuredRequest[] answered = [.. requests.Where(request => request.Times is not null)];
        if (experiment.Successes is { } successes && successes != answered.Length)
        {
            problems.Add(new ConfigProblem($"{path}: successes", $"{successes}", $"{answered.Length}, the requests without an error in {Table}",
                "Complete the table, or correct the count."));
        }

        if (answered.Length == 0 || experiment.Rate("requests_per_sec") is not { } rate)
        {
            return;
        }

        double seconds = requests.Max(request => (request.Arrival + (request.Times?.LastToken ?? request.FailedAfter ?? default)).Seconds);
        Compare("requests_per_sec", rate, answered.Length / seconds);
        if (experiment.Rate("input_tokens_per_sec") is { } input)
        {
            Compare("input_tokens_per_sec", input, rate * answered.Average(r => (double)r.InputTokens));
        }

        // Where each request got the same number of tokens, that is what the server did; clients may have counted otherwise.
        if (experiment.GeneratedTokens is null && experiment.Rate("output_tokens_per_sec") is { } output)
        {
            Compare("output_tokens_per_sec", output, rate * answered.Average(r => (double)r.OutputTokens));
        }

        void Compare(string name, double measured, double counted)
        {
            if (Math.Abs((counted / measured) - 1) > MostDeviation)
            {
                problems.Add(new ConfigProblem($"{path}: throughput.{name}", string.Create(CultureInfo.InvariantCulture, $"{measured:0.###}"),
                    string.Create(CultureInfo.InvariantCulture, $"within 10% of {counted:0.###}, which is what {Table} comes to"),
                    "Check that table and summary are of the same run, and that times are seconds and lengths tokens."));
            }
        }
    }

    private static T? Try<T>(Func<T> read, List<ConfigProblem> problems)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ConfigException e)
        {
            problems.AddRange(e.Problems);
            return null;
        }
    }
}
