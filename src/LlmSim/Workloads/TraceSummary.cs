using LlmSim.Simulation;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>What a whole trace file holds, and everything wrong with it.</summary>
internal sealed record TraceSummary
{
    /// <summary>Most problems that are kept in words; the rest are counted.</summary>
    public const int MostProblems = 20;

    /// <summary>Name of the format; empty when the file could not be opened or told.</summary>
    public string Format { get; private init; } = "";

    /// <summary>Rows that are requests.</summary>
    public long Requests { get; private init; }

    /// <summary>Time from the first to the last of them.</summary>
    public SimTime Span { get; private init; }

    /// <summary>Mean prompt length in tokens; 0 without requests.</summary>
    public double MeanInputTokens { get; private init; }

    /// <summary>Mean output length in tokens; 0 without requests.</summary>
    public double MeanOutputTokens { get; private init; }

    /// <summary>Share of the prompt tokens that repeat the beginning of an earlier prompt, from 0 to 1; null when the trace does not say.</summary>
    public double? RepeatedShare { get; private init; }

    /// <summary>The first problems, at most <see cref="MostProblems"/>.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; private init; } = [];

    /// <summary>How many problems there are in all.</summary>
    public long ProblemCount { get; private init; }

    /// <summary>Reads a whole file. Never throws for what is wrong with the file: that is in <see cref="Problems"/>.</summary>
    public static TraceSummary Scan(string path) => Scan(path, new ClassBook([]));

    /// <summary>Reads the whole file of a workload with a trace, whose classes must be those of the workload if it has any.</summary>
    public static TraceSummary Scan(WorkloadSpec workload) => Scan(workload.Trace!.Path, ClassBook.Of(workload));

    private static TraceSummary Scan(string path, ClassBook classes)
    {
        TraceReader reader;
        try
        {
            reader = TraceReader.Open(path, classes);
        }
        catch (ConfigException e)
        {
            return new TraceSummary { Problems = e.Problems, ProblemCount = e.Problems.Count };
        }

        using (reader)
        {
            return Scan(reader);
        }
    }

    private static TraceSummary Scan(TraceReader reader)
    {
        var first = new List<ConfigProblem>();
        var problems = new List<ConfigProblem>();
        long requests = 0, problemCount = 0, inputs = 0, outputs = 0;
        SimTime start = default, end = default;
        bool more = true;
        SeenPrompts? seen = null;
        long repeated = 0;
        while (more)
        {
            problems.Clear();
            more = reader.TryRead(out ArrivingRequest request, problems);
            problemCount += problems.Count;
            first.AddRange(problems.Take(MostProblems - first.Count));
            if (more && problems.Count == 0)
            {
                start = requests == 0 ? request.Arrival : start;
                end = request.Arrival;
                inputs += request.InputTokens;
                outputs += request.OutputTokens;
                requests++;
                if (request.Content is { } content)
                {
                    repeated += (seen ??= new SeenPrompts()).Add(content, request.InputTokens, request.OutputTokens);
                }
            }
        }

        return new TraceSummary
        {
            Format = reader.FormatName,
            Requests = requests,
            Span = end - start,
            MeanInputTokens = requests == 0 ? 0 : (double)inputs / requests,
            MeanOutputTokens = requests == 0 ? 0 : (double)outputs / requests,
            RepeatedShare = seen is null ? null : (double)repeated / inputs,
            Problems = first,
            ProblemCount = problemCount,
        };
    }
}
