using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Names of the operators for people.</summary>
public static class StepOperatorExtensions
{
    /// <summary>The operator's name as printed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see
    /// cref="StepOperator"/>.</exception>
    public static string Label(this StepOperator op) => op switch
    {
        StepOperator.Embedding => "embedding",
        StepOperator.Norms => "norms + residual",
        StepOperator.QkvProjection => "QKV projection",
        StepOperator.RotaryAndKvWrite => "rotary + KV write",
        StepOperator.LatentExpansion => "keys and values of latents",
        StepOperator.PrefillScores => "prefill attention QKᵀ",
        StepOperator.PrefillValues => "prefill attention softmax·V",
        StepOperator.DecodeScores => "decode attention QKᵀ",
        StepOperator.DecodeValues => "decode attention softmax·V",
        StepOperator.OutputProjection => "output projection",
        StepOperator.MlpUp => "MLP gate + up",
        StepOperator.MlpActivation => "MLP activation",
        StepOperator.MlpDown => "MLP down",
        StepOperator.Router => "router",
        StepOperator.Experts => "experts",
        StepOperator.AllReduce => "all-reduce",
        StepOperator.FinalNorm => "final norm",
        StepOperator.LmHead => "LM head",
        StepOperator.LogitsGather => "logits all-gather",
        StepOperator.Sampler => "sampler",
        StepOperator.StageTransfer => "to the next stage",
        StepOperator.KvSwap => "KV swap",
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a known operator"),
    };
}
