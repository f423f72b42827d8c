using System.Text.Json.Serialization;

namespace LlmSim.Workloads;

/// <summary>A conversation of a ShareGPT file.</summary>
internal sealed class Conversation
{
    /// <summary>The turns, the user's first.</summary>
    [JsonPropertyName("conversations")]
    public List<ConversationTurn>? Turns { get; init; }

    /// <summary>Prompt length in tokens, where the file has it.</summary>
    [JsonPropertyName("input_tokens")]
    public int? InputTokens { get; init; }

    /// <summary>Output length in tokens, where the file has it.</summary>
    [JsonPropertyName("output_tokens")]
    public int? OutputTokens { get; init; }
}
