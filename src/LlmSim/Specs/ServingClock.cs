namespace LlmSim.Specs;

/// <summary>Whose clock arrivals and tokens are taken by.</summary>
public enum ServingClock
{
    /// <summary>The clients': a request counts from when it is sent, a token when its client has it.</summary>
    Client,

    /// <summary>The engine's: a request counts from when it joins the queue, a token when the GPU has made it. Nothing in front of the engine, nothing behind.</summary>
    Engine,
}
