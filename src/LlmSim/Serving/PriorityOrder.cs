namespace LlmSim.Serving;

/// <summary>Smaller priority first.</summary>
internal sealed class PriorityOrder : AdmissionOrder
{
    /// <inheritdoc />
    public override long Key(in WaitingRequest request) => request.Priority;
}
