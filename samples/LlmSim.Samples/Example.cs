namespace LlmSim.Samples;

/// <summary>A small study that prints a table and what it shows.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Title">What it is about, in a few words.</param>
/// <param name="Run">Prints it.</param>
public sealed record Example(int Number, string Title, Action<TextWriter> Run)
{
    /// <summary>All examples.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        new(1, "Llama-2-7B on one A100", SmallModel.Run),
        new(2, "Llama-2-70B over eight H100", LargeModel.Run),
        new(3, "From light load to beyond capacity", Saturation.Run),
        new(4, "H100 against A100", TwoGpus.Run),
        new(5, "A recorded load, with its bursts", RecordedLoad.Run),
        new(6, "A mixture of experts", Experts.Run),
        new(7, "Pipeline bubbles", Bubbles.Run),
        new(8, "A scheduling policy of one's own", OwnPolicy.Run),
        new(9, "Conversations and the prefix cache", Chats.Run),
        new(10, "Long prompts on five engines", Engines.Run),
    ];
}
