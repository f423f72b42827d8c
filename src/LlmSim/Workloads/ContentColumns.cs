using System.Globalization;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Columns of a trace that say what prompts share; −1 for one that is not there.</summary>
/// <param name="Prompt">Index of the column whose equal values mean the same prompt.</param>
/// <param name="Prefix">Index of the column whose equal values mean the same beginning.</param>
/// <param name="PrefixTokens">Index of the column with the length of that beginning.</param>
internal sealed record ContentColumns(int Prompt, int Prefix, int PrefixTokens)
{
    /// <summary>Names of the columns.</summary>
    public const string PromptColumn = "prompt_id", PrefixColumn = "prefix_id", PrefixTokensColumn = "prefix_tokens";

    private const int LongestId = 100;

    // The same text means two things as a prompt and as a prefix.
    private const ulong PromptKind = 0x70, PrefixKind = 0x71;

    /// <summary>Finds the columns in a header; null without any.</summary>
    /// <exception cref="ConfigException">Of the two about prefixes there is only one.</exception>
    public static ContentColumns? Find(string path, long line, string[] header, Func<string, int> indexOf)
    {
        var columns = new ContentColumns(indexOf(PromptColumn), indexOf(PrefixColumn), indexOf(PrefixTokensColumn));
        if (columns is { Prefix: >= 0, PrefixTokens: < 0 } or { Prefix: < 0, PrefixTokens: >= 0 })
        {
            string missing = columns.Prefix < 0 ? PrefixColumn : PrefixTokensColumn;
            throw new ConfigException(TraceProblems.LoneColumn(path, line, header, missing, $"{PrefixColumn} and {PrefixTokensColumn} together"));
        }

        return columns is { Prompt: < 0, Prefix: < 0 } ? null : columns;
    }

    /// <summary>What the prompt of a row shares; null for nothing.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="line">The line, for messages.</param>
    /// <param name="inputTokens">Tokens of the prompt. Below 1 if that was not readable.</param>
    /// <param name="prompt">Its prompt's id; empty for none.</param>
    /// <param name="prefix">Its prefix's id; empty for none.</param>
    /// <param name="prefixTokens">The tokens of its prefix.</param>
    /// <param name="problems">Where problems go.</param>
    public static PromptContent? Parse(
        string path, long line, int inputTokens, ReadOnlySpan<char> prompt, ReadOnlySpan<char> prefix, ReadOnlySpan<char> prefixTokens,
        List<ConfigProblem> problems)
    {
        int before = problems.Count;
        CheckId(PromptColumn, prompt);
        CheckId(PrefixColumn, prefix);
        int shared = 0;
        if (prefix.IsEmpty ? !prefixTokens.IsEmpty
            : !int.TryParse(prefixTokens, NumberStyles.None, CultureInfo.InvariantCulture, out shared) || shared < 1
                || (inputTokens > 0 && shared > inputTokens))
        {
            problems.Add(TraceProblems.Value(path, line, PrefixTokensColumn, prefixTokens, prefix.IsEmpty
                ? $"empty, as is {PrefixColumn}" : $"a whole number of tokens from 1 to those of the prompt{(inputTokens > 0 ? $", {inputTokens}" : "")}"));
        }

        if (problems.Count > before || inputTokens < 1 || (prompt.IsEmpty && shared == 0))
        {
            return null;
        }

        var beginning = new ContentRun(Segment(prefix, PrefixKind), shared);
        var rest = new ContentRun(Segment(prompt, PromptKind), inputTokens - shared);
        bool hasRest = !prompt.IsEmpty && rest.Tokens > 0;
        return shared == 0 ? new PromptContent([rest])
            : hasRest ? new PromptContent([beginning, rest])
            : new PromptContent([beginning]);

        void CheckId(string column, ReadOnlySpan<char> id)
        {
            if (id.Length > LongestId)
            {
                problems.Add(TraceProblems.Value(path, line, column, id, $"at most {LongestId} characters"));
            }
        }
    }

    /// <summary>A number for a name, so that none needs to be kept. Of n names two meet with a chance of n²/2⁶⁵.</summary>
    private static long Segment(ReadOnlySpan<char> id, ulong kind)
    {
        long segment = (long)StableHash.Finish(StableHash.Of(id) + kind);
        return segment == 0 ? 1 : segment;
    }
}
