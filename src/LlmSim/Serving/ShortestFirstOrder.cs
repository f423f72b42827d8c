namespace LlmSim.Serving;

/// <summary>Fewest output tokens first. The predicted length is the true one: what a perfect predictor gains.</summary>
internal sealed class ShortestFirstOrder : AdmissionOrder
{
    /// <inheritdoc />
    public override long Key(in WaitingRequest request) => request.OutputTokens;
}
