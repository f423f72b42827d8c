using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// The thread behind an engine that detokenises and streams: it takes the tokens of one step after those of another, and clients have
/// those of a step when the last is done.
/// </summary>
/// <remarks>
/// As vLLM's <c>AsyncLLM</c> output handler (<c>vllm/v1/engine/async_llm.py</c>), which lets its clients read when it has gone through the
/// outputs of a step, or through 128 of them (<c>VLLM_V1_OUTPUT_PROC_CHUNK_SIZE</c>): in larger steps the first ones come a little earlier.
/// </remarks>
/// <param name="tokenQuanta">Its time for a token, in quanta.</param>
internal sealed class OutputQueue(long tokenQuanta)
{
    private EngineClock _free;

    /// <summary>When clients have so many tokens of a step that ends then. Steps come in order.</summary>
    public EngineClock Serve(EngineClock end, long tokens) => _free = EngineClock.Max(_free, end).Plus(tokens * tokenQuanta);

    /// <summary>
    /// Whether a run of steps, each with so many tokens, reaches clients with the same gaps as it leaves the engine: the step before had
    /// as many tokens and did not wait, and none of the run will.
    /// </summary>
    /// <param name="start">When the run starts, which is when the step before ends.</param>
    /// <param name="lastTokens">When clients have the tokens of the step before.</param>
    /// <param name="tokens">Tokens of each step.</param>
    /// <param name="shortest">The shortest step of the run, in quanta.</param>
    public bool KeepsPace(EngineClock start, EngineClock lastTokens, long tokens, long shortest) =>
        tokens * tokenQuanta <= shortest
        && lastTokens.QuantaSince(start) == tokens * tokenQuanta
        && _free.QuantaSince(lastTokens) == 0;
}
