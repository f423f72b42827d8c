using System.Text.Json.Serialization;

namespace LlmSim.Workloads;

/// <summary>How conversations are read, without reflection.</summary>
[JsonSourceGenerationOptions(AllowTrailingCommas = true)]
[JsonSerializable(typeof(Conversation))]
internal sealed partial class ConversationJson : JsonSerializerContext;
