using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Workloads;

/// <summary>Reads the lengths of conversations in the form of ShareGPT, one conversation at a time.</summary>
/// <remarks>
/// As vLLM's <c>ShareGPTDataset</c> the first turn is the prompt and the second the output, and conversations of fewer turns are
/// left out; unlike it none is left out for its length. A length is <c>input_tokens</c> or <c>output_tokens</c> of the conversation
/// where the file has them, else a quarter of the characters, rounded up: English text has about four to a token.
/// </remarks>
internal static class ConversationFile
{
    private const int CharactersPerToken = 4;

    /// <summary>The pairs of lengths in a file.</summary>
    /// <exception cref="ConfigException">It cannot be read, or is no list of conversations; lists the first problems.</exception>
    public static LengthRows Read(string path)
    {
        var rows = new LengthRows();
        var problems = new List<ConfigProblem>();
        long index = 0;
        try
        {
            using Stream stream = TraceFile.OpenBytes(path, LengthFile.DatasetField);
            foreach (Conversation? conversation in
                JsonSerializer.DeserializeAsyncEnumerable(stream, ConversationJson.Default.Conversation).ToBlockingEnumerable())
            {
                Add(rows, conversation, $"{path}[{index++}]", problems);
                if (problems.Count >= TraceSummary.MostProblems)
                {
                    break;
                }
            }
        }
        catch (JsonException e)
        {
            string why = e.Message.Split(". Path")[0].Split(". LineNumber")[0].TrimEnd('.');
            problems.Add(new ConfigProblem($"{path}:{(e.LineNumber ?? 0) + 1}", $"this text ({why})",
                "a JSON list of objects with conversations: lists of objects with value, a text", "Correct the line, or the one before it."));
        }
        catch (Exception e) when (TraceReader.IsBrokenData(e))
        {
            problems.Add(TraceProblems.BrokenData(path, 0, e));
        }

        return problems.Count > 0 ? throw new ConfigException(problems)
            : rows.Inputs.Count > 0 ? rows
            : throw new ConfigException(new ConfigProblem(path, $"{index} conversations, none with a prompt and an output",
                "at least one conversation of two turns", "Check that this is the file you meant."));
    }

    private static void Add(LengthRows rows, Conversation? conversation, string field, List<ConfigProblem> problems)
    {
        int? input = Tokens(conversation?.InputTokens, 0);
        int? output = Tokens(conversation?.OutputTokens, 1);
        Check("input_tokens", input);
        Check("output_tokens", output);
        if (input is { } prompt && output is { } answer)
        {
            rows.Add(prompt, answer, weight: 1);
        }

        int? Tokens(int? given, int turn) =>
            given ?? (conversation?.Turns is { } turns && turns.Count > 1 && turns[turn]?.Text is { } text
                ? Math.Max((text.Length + CharactersPerToken - 1) / CharactersPerToken, 1)
                : null);

        void Check(string key, int? tokens)
        {
            if (tokens is < 1 or > TraceReader.MostTokens)
            {
                problems.Add(new ConfigProblem($"{field}.{key}", $"{tokens}", TraceReader.AllowedTokens, "Correct or remove it."));
            }
        }
    }
}
