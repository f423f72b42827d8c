using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <content>
/// Fair shares between tenants: algorithm 2 (VTC) of "Fairness in Serving Large Language Models" (Sheng et al., OSDI '24), line by line.
/// Tokens computed again after a preemption are not charged again.
/// </content>
internal sealed partial class PlainEngine
{
    private readonly long[] _counters = new long[ClassBook.MostClasses];
    private int _lastToLeave = -1;

    private PlainRequest Head => Limits.Shares is null
        ? _waiting.First!.Value
        : _waiting.MinBy(request => (_counters[request.Inbound.Class], request.Inbound.Class))!;

    // Before a request of a tenant that has none waiting joins the queue.
    private void Lift(PlainRequest request)
    {
        byte tenant = request.Inbound.Class;
        if (_waiting.Any(other => other.Inbound.Class == tenant))
        {
            return;
        }

        long least = _waiting.Count > 0 ? _waiting.Min(other => _counters[other.Inbound.Class])
            : _lastToLeave >= 0 ? _counters[_lastToLeave]
            : 0;
        _counters[tenant] = Math.Max(_counters[tenant], least);
    }

    private void LeaveQueue(PlainRequest request)
    {
        _waiting.Remove(request);
        _lastToLeave = request.Inbound.Class;
    }

    private void ChargeInput(PlainRequest request, bool first) =>
        _counters[request.Inbound.Class] += first && Limits.Shares is { } shares ? shares.OfInput(request.Inbound.Class) * request.Inbound.InputTokens : 0;

    private void ChargeOutput(PlainRequest request, int tokens) =>
        _counters[request.Inbound.Class] += Limits.Shares is { } shares ? shares.OfOutput(request.Inbound.Class) * tokens : 0;
}
