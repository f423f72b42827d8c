using LlmSim.Serving;

namespace LlmSim.Tests.Docs;

/// <summary>Earliest deadline first, the example of docs/extending.md: each class may wait so long for its first token.</summary>
internal sealed class DeadlineOrder(params double[] secondsByClass) : AdmissionOrder
{
    public override long Key(in WaitingRequest request) =>
        request.Arrival.Nanoseconds + (long)(secondsByClass[request.Class] * 1e9);
}
