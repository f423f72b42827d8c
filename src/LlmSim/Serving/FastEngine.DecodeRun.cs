using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <content>
/// Decode runs: turns in which the same batch decodes and nothing else can happen. Short ones are looped, long ones jumped in
/// closed form; sums of whole quanta make both end at the same instant.
/// </content>
internal sealed partial class FastEngine
{
    /// <inheritdoc />
    protected override bool TryDecodeRun(long horizonNs)
    {
        if (_decodes.Count == 0 || _prefills.Count > 0 || (InFlight > 0 && (Oldest.FirstFinisher >= 0 || Oldest.Tokens == 0))
            || (_hasLate && (_late.Count > 0 || _movedBlocks > 0)))
        {
            return false;
        }

        // With a full house, or a head of the queue that does not fit, arrivals only join the queue: they need not be seen yet.
        bool hasSeat = _running.Count < Limits.MaxNumSeqs && !Limits.FillsOnlyWhenEmpty;
        long first = _decodes.Call;
        long most = _decodes.CallsUntilShortage(first, _blocks.Free, _decodes.NextFinish(first) - first + 1);
        if (most == 0 || (hasSeat && _waiting.Count > 0 && !IsHeadStuck(ref most)))
        {
            return false;
        }

        // Under a policy an arrival may become the head, and fit; where the queue is limited it may be refused, and where clients give
        // up or tenants begin to wait it must be seen to know when.
        bool arrivalsMatter = (hasSeat && (_waiting.Count == 0 || _order is not null)) || Limits.MaxQueuedRequests > 0
            || Limits.Patience is not null || _fair is not null;

        return TryRun(first, most, Math.Min(NextTimeoutNs, arrivalsMatter ? Inbox.NextReadyNs : long.MaxValue), horizonNs);
    }

    // The head may change as tenants are charged for what they decode.
    private bool IsHeadStuck(ref long most)
    {
        if (_fair is null)
        {
            return IsHeadStuck();
        }

        _fair.Charge(_decodes, 1);
        bool isStuck = IsHeadStuck();
        most = Math.Min(most, _fair.CallsWithThisHead(_decodes));
        _fair.Charge(_decodes, -1);
        return isStuck;
    }

    /// <summary>
    /// Whether the queue's head stays where it is: in the batch's next step, and in a pipeline also in the step right behind that,
    /// which has the whole budget.
    /// </summary>
    private bool IsHeadStuck() =>
        IsHeadStuck(Limits.MaxNumBatchedTokens - _decodes.Count)
        && (!_isPipelined || IsHeadStuck(Limits.MaxNumBatchedTokens));

    // While requests decode there are ever fewer free blocks and fewer hits, unless it repeats an answer that is being given. But a
    // chunk that needs no more blocks for fewer hits may come to fit when several free ones are lost at once; and a whole prompt may
    // come to exceed the budget, and be skipped.
    private bool IsHeadStuck(int budget) =>
        Judge(_waiting.First, budget, out _, out PrefixHits hits) == Admission.Stop
        && (Limits.ReserveFullIsl || hits.Free == hits.Own)
        && (Limits.EnableChunkedPrefill || Limits.UnchunkedAdmission == Specs.UnchunkedAdmission.Stop || hits.Free == 0)
        && !(_pool[_waiting.First].IsCached && TellAnswers(_waiting.First, long.MaxValue));

    // Up to the next arrival that matters, or time-out, or to the horizon behind which more may come.
    private bool TryRun(long first, long most, long limitNs, long horizonNs)
    {
        long context = _decodes.Context(first);
        DecodeRunCost cost = Cost.DecodeRun(_decodes.Count, context, _decodes.Spread);
        most = cost.Cut(most);

        // Turn i is decided when the GPU has done T(i − ahead) of the run, ahead being the steps already in flight: all of them
        // before the limit belong to the run.
        int ahead = InFlight;
        EngineClock start = NextStart;
        if (Outputs is not null && !Outputs.KeepsPace(start, _decodes.LastOut, _decodes.Count, cost.First))
        {
            return false; // Their gaps differ from the steps'.
        }

        if (MaySleepThroughRuns && limitNs >= horizonNs)
        {
            long wakeNs = Math.Min(start.Plus(cost.Quanta(most)).Nanoseconds, limitNs);
            if (wakeNs > horizonNs)
            {
                SleepUntil(new SimTime(wakeNs));
                return true;
            }
        }

        Meter.QueueLength(_waiting.Count); // Until the next call somebody may give up.
        long limit = start.QuantaUntil(Math.Min(limitNs, horizonNs));
        RunTotals totals = _decodes.RunUntil(first, most, ahead, limit, cost);

        ReportRun(start, first, context, cost, totals);
        long lastQuanta = cost.First + (cost.Growth * (totals.Steps - 1));
        EngineClock lastStart = start.Plus(totals.Quanta - lastQuanta);
        var step = new StepInFlight
        {
            Call = Call + totals.Steps,
            Start = lastStart,
            End = lastStart.Plus(lastQuanta),
            Out = lastStart.Plus(lastQuanta),
            Tokens = _decodes.Count,
            FirstFinisher = -1,
        };
        if (Outputs is not null)
        {
            step.Out = Outputs.Serve(step.End, _decodes.Count);
        }

        _fair?.Charge(_decodes, totals.Steps);
        long lastCall = first + totals.Steps - 1;
        _finishing.Clear();
        _decodes.TakeFinishers(lastCall, _finishing);
        if (_finishing.Count > 0)
        {
            Finish(ref step);
        }

        _decodes.Call = lastCall + 1;
        _decodes.LastOut = step.Out;
        if (_isPipelined)
        {
            _decodes = _cohorts.Launch(ref step);
        }

        SkipTurns(totals.Steps, ahead > 0 ? step.Start : step.End, step);
        return true;
    }
}
