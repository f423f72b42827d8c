using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <content>Requests that their clients give up, wherever they are.</content>
internal sealed partial class FastEngine
{
    /// <inheritdoc />
    protected override RequestProgress ProgressOf(long id, int slot)
    {
        ref Request request = ref _pool[slot];
        bool isHere = request.Id == id && request.State != RequestState.Aborted;
        bool isDone = request.State is RequestState.Finishing or RequestState.FinishingPreempted;
        return new RequestProgress(isHere, request.FirstTokenNs, isDone ? request.LastTokenNs : 0);
    }

    /// <inheritdoc />
    protected override AbortRecord Abort(long id, int slot)
    {
        ref Request request = ref _pool[slot];
        bool isInFlight = request.State is RequestState.Finishing or RequestState.FinishingPreempted;
        bool waits = request.State is RequestState.Waiting or RequestState.Swapped or RequestState.FinishingPreempted;
        int computed = request.State == RequestState.Prefilling ? Math.Min(request.Computed, request.InputTokens) : 0;
        int emitted = isInFlight ? request.OutputTokens : request.Emitted;
        if (waits)
        {
            _waiting.Remove(slot);
            _usedHostBlocks -= request.State == RequestState.Swapped ? _blocks.BlocksFor(request.Computed) : 0;
        }
        else
        {
            emitted = StopRunning(slot, emitted);
        }

        if (request.IsCached)
        {
            Leave(slot);
        }

        var record = new AbortRecord(
            id,
            new SimTime(request.ArrivalNs),
            new SimTime(Now.Nanoseconds),
            emitted > 0 ? request.InputTokens : computed,
            emitted,
            waits ? Now.Nanoseconds - request.WaitingSinceNs : -1,
            HasRun: !waits || request.Preemptions > 0,
            request.Class);
        if (isInFlight)
        {
            request.State = RequestState.Aborted; // A step in flight has it in its list.
        }
        else
        {
            _pool.Return(slot);
        }

        return record;
    }

    // Takes a request from its seat and its batch. Returns the output tokens that it has, those in flight included.
    private int StopRunning(int slot, int emitted)
    {
        ref Request request = ref _pool[slot];
        int tokens = request.State == RequestState.Finishing ? request.FinalContext : request.Computed;
        int findable = tokens;
        if (request.State == RequestState.Prefilling)
        {
            _prefills.Remove(slot);
        }
        else if (request.State == RequestState.Decoding && request.Cohort >= 0)
        {
            DecodeBatch batch = _cohorts[request.Cohort];
            batch.Leave(slot);
            tokens = (int)(request.ContextBase + batch.Call);
            emitted = request.OutputTokens - (int)(request.FinishCall - batch.Call + 1);
        }

        if (request.IsLate)
        {
            _late.Remove(slot);
        }

        if (request.State != RequestState.Prefilling)
        {
            findable = Findable(request, tokens);
        }

        GiveBack(slot, TokensToHold(request, tokens), findable, comesBack: false);
        _running.Remove(slot);
        return emitted;
    }
}
