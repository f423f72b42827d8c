using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <summary>A step in flight, as it was when it was decided: requests leave the batch meanwhile.</summary>
internal sealed record PlainSglangStep(
    List<PlainSglangStep.Part> Parts, BatchShape Shape, StepTimes Times, EngineClock End, EngineClock LastDecodeEnd, int Running,
    int UsedBlocks)
{
    /// <summary>A request's share of it.</summary>
    /// <param name="Request">The request.</param>
    /// <param name="Tokens">New tokens.</param>
    /// <param name="Context">Tokens computed before.</param>
    /// <param name="IsPrefill">Whether it is a prompt, or what is computed again after it was thrown out.</param>
    /// <param name="IsOpen">Whether the prompt does not end here.</param>
    /// <param name="Index">Which output token it yields, if nothing happens before; 0 for none.</param>
    internal sealed record Part(PlainSglangRequest Request, int Tokens, int Context, bool IsPrefill, bool IsOpen, int Index);
}
