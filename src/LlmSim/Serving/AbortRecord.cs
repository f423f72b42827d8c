using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>A request whose client gave up.</summary>
/// <param name="Id">Number in order of arrival, from 0.</param>
/// <param name="Arrival">When it reached the server.</param>
/// <param name="Time">When the engine dropped it, or, if that had finished it too late, when its last token came.</param>
/// <param name="InputTokens">Prompt tokens that were in the KV cache, computed in vain.</param>
/// <param name="OutputTokens">Output tokens generated in vain, one in flight included.</param>
/// <param name="WaitNs">Nanoseconds since it joined the waiting queue, which it leaves; −1 when it was not there.</param>
/// <param name="HasRun">Whether the scheduler had ever taken it.</param>
/// <param name="Class">Index of its class.</param>
internal readonly record struct AbortRecord(
    long Id, SimTime Arrival, SimTime Time, int InputTokens, int OutputTokens, long WaitNs, bool HasRun, byte Class);
