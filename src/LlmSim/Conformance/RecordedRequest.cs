using LlmSim.Workloads;

namespace LlmSim.Conformance;

/// <summary>A request of a recorded schedule.</summary>
internal sealed record RecordedRequest(
    long Id, long ArrivalUs, int PromptTokens, int OutputTokens, byte Class, PromptContent Content, int OutputLimit);
