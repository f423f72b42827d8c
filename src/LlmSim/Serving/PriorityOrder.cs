namespace LlmSim.Serving;

/// <summary>Smaller priority first.</summary>
/// <param name="priorities">The classes' priorities by index; any other class has 0.</param>
internal sealed class PriorityOrder(IReadOnlyList<int> priorities) : AdmissionOrder
{
    private readonly int[] _priorities = [.. priorities];

    /// <inheritdoc />
    public override long Key(in WaitingRequest request) =>
        request.Class < _priorities.Length ? _priorities[request.Class] : 0;
}
