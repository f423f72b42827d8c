using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <content>Requests that their clients give up, wherever they are.</content>
internal sealed partial class PlainEngine
{
    /// <inheritdoc />
    protected override RequestProgress ProgressOf(long id, int slot)
    {
        PlainRequest? request = Find(id);
        bool isDone = request is not null && request.Output + request.Placeholders >= request.Inbound.OutputTokens;
        return new RequestProgress(request is not null, request?.FirstTokenNs ?? 0, isDone ? request!.LastOut.Nanoseconds : 0);
    }

    /// <inheritdoc />
    protected override AbortRecord Abort(long id, int slot)
    {
        PlainRequest request = Find(id)!;
        request.IsAborted = true;
        if (request.IsRunning)
        {
            _running.Remove(request);
        }
        else
        {
            LeaveQueue(request);
        }

        if (request.IsSwapped)
        {
            _freeHostBlocks += BlocksFor(request.Computed);
        }

        Free(request);
        int output = request.Output + request.Placeholders;
        return new AbortRecord(
            id,
            new SimTime(request.Inbound.ArrivalNs),
            new SimTime(Now.Nanoseconds),
            output > 0 ? request.Inbound.InputTokens : Math.Min(request.Computed, request.Inbound.InputTokens),
            output,
            request.IsRunning ? -1 : Now.Nanoseconds - request.WaitingSinceNs,
            HasRun: request.IsRunning || request.Preemptions > 0,
            request.Inbound.Class);
    }

    private PlainRequest? Find(long id) => _running.Concat(_waiting).FirstOrDefault(request => request.Inbound.Id == id);
}
