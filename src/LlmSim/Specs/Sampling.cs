namespace LlmSim.Specs;

/// <summary>How tokens are drawn from the logits, as far as it costs time.</summary>
public enum Sampling
{
    /// <summary>By their probabilities, whatever the temperature.</summary>
    Random,

    /// <summary>The likeliest token.</summary>
    Greedy,

    /// <summary>From the k likeliest, which vLLM finds without sorting the vocabulary.</summary>
    TopK,

    /// <summary>From the likeliest that together have some probability, whether or not among the k likeliest: each row of logits is sorted.</summary>
    TopP,
}
