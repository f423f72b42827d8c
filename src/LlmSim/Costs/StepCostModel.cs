namespace LlmSim.Costs;

/// <summary>Says how long an engine step takes. Durations are whole quanta of 2⁻²⁰ ns, so that sums of steps are exact.</summary>
public abstract class StepCostModel
{
    /// <summary>Duration of one step, in quanta of 2⁻²⁰ ns. 0 for a step without tokens, else above 0.</summary>
    public abstract long StepQuanta(in BatchShape shape);

    /// <summary>Whether the standard deviation of decoding sequences' keys counts; else it need not be told.</summary>
    internal virtual bool UsesSpread => false;

    /// <summary>Duration of one step in one stage of a pipeline, in quanta of 2⁻²⁰ ns; the stages add up to <see cref="StepQuanta"/>.</summary>
    /// <param name="stage">The stage, from 0.</param>
    /// <param name="shape">The step.</param>
    public virtual long StageQuanta(int stage, in BatchShape shape) => StepQuanta(shape);

    /// <summary>
    /// Durations of the decode steps of a batch that grows only in context: step i has <paramref name="sequences"/> sequences
    /// that attend to <paramref name="context"/> + i·<paramref name="sequences"/> keys in all. Agrees with
    /// <see cref="StepQuanta"/> on every step for which it is valid.
    /// </summary>
    /// <param name="sequences">Sequences. At least 1.</param>
    /// <param name="context">Keys in all, in the first step.</param>
    /// <param name="spread">Standard deviation of the keys of each. Default 0: all have as many.</param>
    public abstract DecodeRunCost DecodeRun(int sequences, long context, long spread = 0);
}
