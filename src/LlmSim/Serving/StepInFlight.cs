using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>A step that was scheduled and whose results are not applied yet.</summary>
internal struct StepInFlight
{
    /// <summary>The scheduling call that decided it.</summary>
    public long Call;

    /// <summary>When it starts on the GPU.</summary>
    public EngineClock Start;

    /// <summary>When it ends on the GPU.</summary>
    public EngineClock End;

    /// <summary>When clients have its tokens: at its end, but for a queue behind the engine.</summary>
    public EngineClock Out;

    /// <summary>New tokens it computes; a step may be empty when all that is running has its last token in flight.</summary>
    public int Tokens;

    /// <summary>First of the requests whose last token it produces, as a list that the engine links; −1 for none.</summary>
    public int FirstFinisher;

    /// <summary>With a pipeline: which of the engine's decode batches it holds.</summary>
    public int Cohort;
}
