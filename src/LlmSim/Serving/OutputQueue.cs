using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// What stands between an engine and its clients: a thread that takes the tokens of one step after those of another, then streams whose
/// tokens go out one by one. Clients have the tokens of a step when the last of them is out.
/// </summary>
/// <remarks>
/// As vLLM's <c>AsyncLLM</c> output handler (<c>vllm/v1/engine/async_llm.py</c>), which lets its clients read when it has gone through the
/// outputs of a step, or through 128 of them (<c>VLLM_V1_OUTPUT_PROC_CHUNK_SIZE</c>): in larger steps the first ones come a little earlier.
/// Streams do not make the next step wait: a client that is not read in time gets two tokens in one piece
/// (<c>RequestOutputCollector</c>, <c>vllm/v1/engine/output_processor.py</c>).
/// </remarks>
/// <param name="tokenQuanta">The thread's time for a token, in quanta.</param>
/// <param name="streamQuanta">How much later the tokens of a step are out for each of them, in quanta.</param>
internal sealed class OutputQueue(long tokenQuanta, long streamQuanta)
{
    private EngineClock _free;
    private EngineClock _out;

    /// <summary>What stands behind an engine; null for nothing.</summary>
    public static OutputQueue? Of(EngineLimits limits) =>
        limits.OutputQuanta > 0 || limits.StreamQuanta > 0 ? new OutputQueue(limits.OutputQuanta, limits.StreamQuanta) : null;

    /// <summary>When clients have so many tokens of a step that ends then. Steps come in order.</summary>
    public EngineClock Serve(EngineClock end, long tokens)
    {
        _free = EngineClock.Max(_free, end).Plus(tokens * tokenQuanta);
        return _out = EngineClock.Max(_out, _free.Plus(tokens * streamQuanta));
    }

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
        && _free.QuantaSince(start) <= tokens * tokenQuanta
        && lastTokens.QuantaSince(start) == tokens * (tokenQuanta + streamQuanta)
        && _out.QuantaSince(lastTokens) == 0;
}
