using System.Text.Json.Serialization;

namespace LlmSim.Workloads;

/// <summary>What one side says.</summary>
internal sealed class ConversationTurn
{
    /// <summary>The text.</summary>
    [JsonPropertyName("value")]
    public string? Text { get; init; }
}
