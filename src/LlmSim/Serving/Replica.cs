namespace LlmSim.Serving;

/// <summary>One of the servers behind the router: a front end and an engine.</summary>
internal sealed class Replica(FrontEnd frontEnd, Engine engine)
{
    /// <summary>What takes requests in and turns their prompts into tokens.</summary>
    public FrontEnd FrontEnd { get; } = frontEnd;

    /// <summary>What serves them.</summary>
    public Engine Engine { get; } = engine;

    /// <summary>Requests routed here that have not finished.</summary>
    public int Outstanding => Engine.Inbox.Count + Engine.Requests;

    /// <summary>KV blocks that the engine's latest decision left in use.</summary>
    public int UsedBlocks => Engine.UsedBlocks;
}
