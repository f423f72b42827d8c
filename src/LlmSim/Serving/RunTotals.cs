namespace LlmSim.Serving;

/// <summary>What a run of decode steps comes to.</summary>
/// <param name="Steps">How many steps.</param>
/// <param name="Quanta">How long all take.</param>
/// <param name="NewBlocks">Blocks that the batch takes on the way.</param>
/// <param name="NewBlockQuanta">What these add to the time integral of held blocks.</param>
internal readonly record struct RunTotals(long Steps, long Quanta, int NewBlocks, Int128 NewBlockQuanta);
