namespace LlmSim.Serving;

/// <summary>One of the servers behind the router: a tokeniser and an engine.</summary>
internal sealed class Replica(Tokenizer tokenizer, Engine engine)
{
    /// <summary>What turns prompts into tokens.</summary>
    public Tokenizer Tokenizer { get; } = tokenizer;

    /// <summary>What serves them.</summary>
    public Engine Engine { get; } = engine;

    /// <summary>Requests routed here that have not finished.</summary>
    public int Outstanding => Engine.Inbox.Count + Engine.Requests;

    /// <summary>KV blocks that the engine's latest decision left in use.</summary>
    public int UsedBlocks => Engine.UsedBlocks;
}
