namespace LlmSim.Serving;

/// <summary>Where a request is in the engine.</summary>
internal enum RequestState : byte
{
    /// <summary>In the waiting queue, new or preempted.</summary>
    Waiting,

    /// <summary>Running, its prompt (after a preemption: prompt and output so far) not computed to the end.</summary>
    Prefilling,

    /// <summary>Running, one token each step.</summary>
    Decoding,

    /// <summary>Its last token is in flight; it keeps seat and blocks until that is applied.</summary>
    Finishing,

    /// <summary>Thrown out while its last token was in flight: it waits without blocks and finishes from there.</summary>
    FinishingPreempted,

    /// <summary>In the waiting queue, its computed tokens in host memory.</summary>
    Swapped,

    /// <summary>Its client gave up while its last token was in flight; nothing but its slot is left.</summary>
    Aborted,

    /// <summary>Done, but still in the running batch, until SGLang's next decode step.</summary>
    Finished,
}
