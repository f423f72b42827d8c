using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Finds what is wrong with classes of requests.</summary>
internal static class ClassChecks
{
    private const string Field = "workload.classes";
    private const string MsFix = "Give a number of milliseconds, or leave it out.";
    private const double SumTolerance = 1e-6;

    /// <summary>Checks the classes of a workload.</summary>
    public static void Check(ProblemList list, WorkloadSpec workload)
    {
        IReadOnlyList<RequestClassSpec> classes = workload.Classes;
        list.Require(classes.Count <= ClassBook.MostClasses, Field, classes.Count, $"at most {ClassBook.MostClasses} classes",
            "Put classes together.");
        list.Require(classes.Count == 0 || workload.DatasetPath is null, Field, "classes", "none with a data set",
            "Remove them, or the data set.");
        bool isDrawn = workload.Trace is null;
        for (int i = 0; i < classes.Count; i++)
        {
            string field = $"{Field}[{i}]";
            CheckName(list, field, classes, i);
            list.Require(classes[i].Weight is >= 0.001 and <= 1000, $"{field}.weight", classes[i].Weight, "from 0.001 to 1000",
                "Give its share relative to the other classes'.");
            list.Positive($"{field}.timeout", classes[i].TimeoutSeconds, "Leave it out for the workload's.");
            list.Positive($"{field}.ttft_timeout", classes[i].TtftTimeoutSeconds, "Leave it out for the workload's.");
            list.Positive($"{field}.ttft_ms", classes[i].FirstTokenMilliseconds, MsFix);
            list.Positive($"{field}.tpot_ms", classes[i].PerTokenMilliseconds, MsFix);
            list.Positive($"{field}.e2e_ms", classes[i].EndToEndMilliseconds, MsFix);
            if (isDrawn)
            {
                CheckDrawn(list, field, classes[i], workload.RangeRatio);
            }
        }

        double sum = classes.Sum(c => c.Share);
        list.Require(!isDrawn || classes.Count == 0 || classes.Any(c => c.Share is not (> 0 and <= 1)) || Math.Abs(sum - 1) <= SumTolerance,
            Field, $"shares that add up to {sum:0.#########}", "shares that add up to 1", "Change them so that they do.");
    }

    private static void CheckName(ProblemList list, string field, IReadOnlyList<RequestClassSpec> classes, int index)
    {
        string name = classes[index].Name;
        list.Require(ClassBook.IsName(name), $"{field}.name", $"'{name}'",
            $"1 to {ClassBook.LongestName} characters without commas and quotes", "Give a short name.");
        int first = classes.Index().First(c => c.Item.Name == name).Index;
        list.Require(first == index, $"{field}.name", name, $"another name than that of {Field}[{first}]", "Rename one of the two.");
    }

    private static void CheckDrawn(ProblemList list, string field, RequestClassSpec one, double rangeRatio)
    {
        list.Require(one.Share is > 0 and <= 1, $"{field}.share", one.Share, "above 0, at most 1", "Give its share of the requests.");
        CheckLength($"{field}.input_len", one.InputLength);
        CheckLength($"{field}.output_len", one.OutputLength);

        void CheckLength(string lengthField, LengthSpec? length)
        {
            if (length is not null)
            {
                LengthChecks.Check(list, lengthField, length);
                list.Require(rangeRatio == 0 || length.Distribution == LengthDistribution.Fixed, lengthField,
                    length.Distribution.ToString().ToLowerInvariant(), "a fixed number with workload.range_ratio, which it spreads",
                    "Give a number, or remove range_ratio.");
            }
        }
    }
}
