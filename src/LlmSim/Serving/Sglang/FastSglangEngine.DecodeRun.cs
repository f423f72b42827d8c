using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <content>
/// Decode runs: turns in which the same batch decodes and nothing else can happen. Short ones are looped, long ones jumped in
/// closed form, as in <see cref="FastEngine"/>.
/// </content>
internal sealed partial class FastSglangEngine
{
    /// <inheritdoc />
    protected override bool TryDecodeRun(long horizonNs)
    {
        // In the overlap loop what a step yields may be dropped by the next decision, also to make room for somebody more urgent.
        bool isSteady = _overlaps
            ? _latest is { Decodes: true, Prefills.Count: 0, Finishers.Count: 0 } && !_sglang.EnablePriorityScheduling
            : _latest is not { Prefills.Count: > 0 };
        bool mayPrefill = _waiting.Count > 0 && (!_isFull || _sglang.EnablePriorityScheduling || _done.Count > 0);
        if (!isSteady || mayPrefill || _chunked >= 0 || _late.Count > 0 || _running.Count == _done.Count)
        {
            return false;
        }

        long first = _decodes.Call;
        if (_done.Count > 0)
        {
            FilterDone();
            _isFull = false;
        }

        long most = _decodes.NextFinish(first) - first + 1;
        int spare = _overlaps ? 1 : 0;
        most = Math.Min(most, _decodes.CallsUntilShortage(first, _memory.Available / _page, most + spare) - spare);
        if (most <= 0)
        {
            return false;
        }

        bool arrivalsMatter = !_isFull || _sglang.EnablePriorityScheduling || Limits.MaxQueuedRequests > 0;
        Run(first, most, arrivalsMatter ? Inbox.NextReadyNs : long.MaxValue, horizonNs);
        return true;
    }

    // Up to the next arrival that matters, or to the horizon behind which more may come.
    private void Run(long first, long most, long limitNs, long horizonNs)
    {
        long context = _decodes.Context(first);
        DecodeRunCost cost = Cost.DecodeRun(_decodes.Count, context, _decodes.Spread);
        most = cost.Cut(most);

        // Turn i is decided when the GPU has done T(i − ahead) of the run, ahead being the steps already in flight: all of them
        // before the limit belong to the run.
        int ahead = InFlight;
        EngineClock start = NextStart;
        if (MaySleepThroughRuns && limitNs >= horizonNs)
        {
            long wakeNs = Math.Min(start.Plus(cost.Quanta(most)).Nanoseconds, limitNs);
            if (wakeNs > horizonNs)
            {
                SleepUntil(new SimTime(wakeNs));
                return;
            }
        }

        TellStep();
        long limit = start.QuantaUntil(Math.Min(limitNs, horizonNs));
        RunTotals totals = _decodes.RunUntil(first, most, ahead, limit, cost);
        Report(start, first, context, cost, totals);
        long lastCall = first + totals.Steps - 1;
        long lastQuanta = cost.First + (cost.Growth * (totals.Steps - 1));
        EngineClock lastStart = start.Plus(totals.Quanta - lastQuanta);
        var step = new StepInFlight
        {
            Call = Call + totals.Steps,
            Start = lastStart,
            End = lastStart.Plus(lastQuanta),
            Tokens = _decodes.Count,
            FirstFinisher = -1,
        };

        FastSglangStep last = _steps[_nextStep];
        last.Clear();
        last.Decodes = true;
        last.IsUntold = false;
        NameFinishers(last, lastCall);
        _decodes.Call = lastCall + 1;
        _ratio.Decay(totals.Steps);
        _appliedDecodeEndNs = ahead > 0 || totals.Steps > 1 ? lastStart.Nanoseconds : _appliedDecodeEndNs;
        _lastDecodeEnd = step.End;
        _latest = last;
        _oldestStep = _nextStep;
        _nextStep ^= 1;
        SkipTurns(totals.Steps, ahead > 0 ? step.Start : step.End, step);
    }

    // Tells the meter, in pieces where it has boundaries in time, and takes the memory.
    private void Report(EngineClock start, long first, long context, DecodeRunCost cost, RunTotals totals)
    {
        if (!_hasBoundaries || start.Plus(totals.Quanta).Nanoseconds < Meter.NextBoundary(start.Nanoseconds))
        {
            Tell(start, first, context, cost, totals);
            return;
        }

        for (long done = 0; done < totals.Steps;)
        {
            // The steps that end before the boundary; the one that does not, by itself.
            DecodeRunCost rest = cost with { First = cost.First + (cost.Growth * done) };
            long limit = start.QuantaUntil(Meter.NextBoundary(start.Nanoseconds));
            long steps = rest.StepsToReach(limit, totals.Steps - done);
            steps = Math.Max(1, rest.Quanta(steps) < limit ? steps : steps - 1);
            RunTotals piece = _decodes.TotalsOf(first + done, steps, rest);
            Tell(start, first + done, context + (_decodes.Count * done), rest, piece);
            start = start.Plus(piece.Quanta);
            done += steps;
        }
    }

    private void Tell(in EngineClock start, long first, long context, in DecodeRunCost cost, in RunTotals totals)
    {
        Int128 blockQuanta = DecodeBatch.Product(_memory.UsedBlocks, totals.Quanta) + totals.NewBlockQuanta;
        TakeForRun(first, totals.Steps);
        Meter.DecodeRun(
            start, _decodes.Count, _running.Count, context, totals.Steps, cost, totals.Quanta, blockQuanta, _memory.UsedBlocks);
    }

    private void TakeForRun(long first, long steps)
    {
        int needed = _decodes.NewBlocks(first, steps) * _page;
        if (_page == 1)
        {
            _memory.TakeRepeatedly(_decodes.Count, steps);
        }
        else if (needed + (_decodes.Count * _page) <= _memory.Free)
        {
            _memory.Take(needed);
        }
        else
        {
            for (long call = first; call < first + steps; call++)
            {
                int tokens = _decodes.NewBlocks(call) * _page;
                _memory.EvictFor(tokens);
                _memory.EvictFor(_decodes.Count * _page);
                _memory.Take(tokens);
            }
        }
    }
}
