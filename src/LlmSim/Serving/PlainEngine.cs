using System.Diagnostics;
using LlmSim.Costs;
using LlmSim.Serving.Events;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// vLLM V1's scheduler in its own words: every sequence is walked in every step. Slow and simple, the reference that
/// <see cref="FastEngine"/> is compared with. After <c>vllm/v1/core/sched/scheduler.py</c> and <c>async_scheduler.py</c>.
/// </summary>
internal sealed partial class PlainEngine(EngineLimits limits, StepCostModel cost, ServingMeter meter, EventHub events)
    : Engine(limits, cost, meter, events)
{
    private sealed record Sequence(PlainRequest Request, int Tokens, int Context, bool IsPrefill, bool Emits, bool IsLate);

    private readonly List<PlainRequest> _running = [];
    private readonly LinkedList<PlainRequest> _waiting = new();
    private readonly Queue<List<Sequence>> _inFlight = new();
    private readonly PlainBlocks _blocks = new(limits.UsableBlocks);

    /// <inheritdoc />
    public override int Requests => _running.Count + _waiting.Count;

    /// <inheritdoc />
    protected override int Waiting => _waiting.Count;

    /// <inheritdoc />
    protected override bool HasWork => Requests > 0;

    /// <inheritdoc />
    public override int UsedBlocks => Limits.UsableBlocks - _blocks.Free;

    /// <inheritdoc />
    protected override void Enqueue(in InboundRequest inbound)
    {
        var request = new PlainRequest(inbound)
        {
            Key = Limits.Order?.Key(inbound.AsWaiting) ?? 0,
            Contents = new PlainContents(inbound, Limits.BlockSize),
        };
        if (Limits.Order is null)
        {
            Lift(request);
            _waiting.AddLast(request);
        }
        else
        {
            PutBack(request);
        }

        Watch(inbound, slot: 0);
    }

    /// <inheritdoc />
    protected override void Schedule(ref StepInFlight step, StepRecord? record)
    {
        Meter.QueueLength(_waiting.Count);
        var scheduled = new List<Sequence>();
        int budget = Limits.MaxNumBatchedTokens;
        bool preempted = ScheduleRunning(scheduled, ref budget, record);
        MarkLate(scheduled);
        if (!preempted)
        {
            ScheduleWaiting(scheduled, ref budget, record);
        }

        Meter.QueueLength(_waiting.Count);
        var shape = new BatchShape(Limits.AttentionWindow);
        foreach (Sequence sequence in scheduled)
        {
            if (sequence.IsPrefill)
            {
                shape.AddPrefill(sequence.Tokens, sequence.Context, sequence.Emits);
            }
            else
            {
                shape.AddDecode(1, sequence.Context + 1);
            }
        }

        shape.SwappedBlocks = shape.Tokens > 0 ? TakeMoves() : 0;
        EngineClock lastTokens = scheduled.Find(sequence => !sequence.IsPrefill && !sequence.IsLate)?.Request.LastOut ?? default;
        StepTimes times = Execute(ref step, shape, lastTokens);
        foreach (Sequence sequence in scheduled)
        {
            Debug.Assert(
                sequence.IsPrefill || sequence.IsLate || sequence.Request.LastOut.QuantaSince(lastTokens) == 0, "a batch decodes in step");
            sequence.Request.LastOut = step.Out;
        }

        if (shape.Tokens > 0)
        {
            shape.LateSequences = scheduled.Count(s => s.IsLate);
            Meter.Step(in step.End, shape, times, _running.Count, UsedBlocks);
        }

        ReportFirstTokens(scheduled, step.Out.Nanoseconds);
        if (shape.Tokens > 0 || Limits.PipelineStages == 1)
        {
            _inFlight.Enqueue(scheduled);
        }

        if (record is not null)
        {
            Record(record, scheduled);
        }
    }

    /// <inheritdoc />
    protected override void Apply(in StepInFlight step)
    {
        foreach (Sequence sequence in _inFlight.Dequeue())
        {
            if (sequence.Emits && !sequence.Request.IsAborted)
            {
                Emit(sequence, step);
            }
        }
    }

    // Running requests first, in order of admission. True when one was preempted.
    private bool ScheduleRunning(List<Sequence> scheduled, ref int budget, StepRecord? record)
    {
        if (!Limits.DecodesFirst)
        {
            return ScheduleRunning(scheduled, _ => true, ref budget, record);
        }

        // A prompt that is half done holds all its blocks, so only decoding throws anybody out. Results come in order of admission.
        bool preempted = ScheduleRunning(scheduled, request => request.Computed >= request.PrefillTarget, ref budget, record);
        ScheduleRunning(scheduled, request => request.Computed < request.PrefillTarget, ref budget, record);
        scheduled.Sort((one, other) => _running.IndexOf(one.Request).CompareTo(_running.IndexOf(other.Request)));
        return preempted;
    }

    private bool ScheduleRunning(List<Sequence> scheduled, Predicate<PlainRequest> wanted, ref int budget, StepRecord? record)
    {
        bool preempted = false;
        for (int i = 0; i < _running.Count && budget > 0; i++)
        {
            PlainRequest request = _running[i];
            if (!wanted(request))
            {
                continue;
            }

            bool isLastInFlight = request.Output + request.Placeholders >= request.Inbound.OutputTokens;
            if (request.Placeholders > 0 && (isLastInFlight || !Limits.RunsAhead))
            {
                continue;
            }

            int tokens = Cut(request.KnownTokens + request.Placeholders - request.Computed);
            tokens = Math.Min(Fit(tokens, budget), Limits.MaxModelLen - 1 - request.Computed);
            if (tokens == 0)
            {
                continue;
            }

            while (!TryAllocate(request, tokens, []))
            {
                PlainRequest victim = Limits.Order is null ? _running[^1] : _running.MaxBy(r => (r.Key, r.Inbound.Id))!;
                _running.Remove(victim);
                Sequence? undone = scheduled.Find(s => s.Request == victim);
                if (undone is not null)
                {
                    victim.Computed -= undone.Tokens;
                    victim.Placeholders -= undone.Emits ? 1 : 0;
                    ChargeOutput(victim, undone.Emits ? -1 : 0);
                }

                Preempt(victim, record);
                if (undone is not null && Limits.VictimKeepsTokens)
                {
                    scheduled[scheduled.IndexOf(undone)] = undone with { Emits = false };
                    victim.Computed = undone.Tokens;
                }
                else if (undone is not null)
                {
                    scheduled.Remove(undone);
                    budget += undone.Tokens;
                    i--;
                }

                preempted = true;
                if (victim == request)
                {
                    return true;
                }
            }

            Add(scheduled, request, tokens);
            budget -= tokens;
        }

        return preempted;
    }

    private void ScheduleWaiting(List<Sequence> scheduled, ref int budget, StepRecord? record)
    {
        var skipped = new List<PlainRequest>();
        if (Limits.FillsOnlyWhenEmpty && _running.Count > 0)
        {
            return;
        }

        while (_waiting.Count > 0 && budget > 0 && _running.Count < Limits.MaxNumSeqs)
        {
            PlainRequest request = Head;
            if (request.Placeholders > 0)
            {
                break; // Thrown out of a step that is still in the pipeline.
            }

            List<PlainBlock> hits = FindPrefix(request);
            int hitTokens = request.IsSwapped ? 0 : request.Computed + (hits.Count * Limits.BlockSize);
            int tokens = request.IsSwapped ? 1 : Cut(request.KnownTokens - hitTokens);
            if (!Limits.EnableChunkedPrefill && tokens > budget)
            {
                if (Limits.UnchunkedAdmission == Specs.UnchunkedAdmission.Stop)
                {
                    break;
                }

                LeaveQueue(request);
                skipped.Add(request);
                continue;
            }

            tokens = Fit(tokens, budget);
            int known = Math.Min(request.KnownTokens, Limits.MaxModelLen);
            bool gated = Limits.ReserveFullIsl && NewBlocks(request, known, hits) + Limits.WatermarkBlocks > _blocks.Free;
            if (tokens == 0 || gated || !TryAllocate(request, tokens, hits, Limits.WatermarkBlocks))
            {
                break;
            }

            LeaveQueue(request);
            _running.Add(request);
            request.IsRunning = true;
            if (request.IsSwapped)
            {
                SwapIn(request);
            }
            else
            {
                request.PrefillTarget = request.KnownTokens;
            }

            bool first = request.Preemptions == 0;
            request.FirstScheduledNs = first ? Now.Nanoseconds : request.FirstScheduledNs;
            ChargeInput(request, first);
            Meter.Scheduled(Now.Nanoseconds, Now.Nanoseconds - request.WaitingSinceNs, first);
            if (Limits.EnablePrefixCaching)
            {
                Meter.LookedUp(request.KnownTokens, hitTokens, first);
            }

            record?.AddAdmitted(request.Inbound.Id, !first, hitTokens);
            Add(scheduled, request, tokens);
            budget -= tokens;
        }

        foreach (PlainRequest request in skipped)
        {
            PutBack(request);
        }
    }

    // Into the queue's head, or where the policy puts it.
    private void PutBack(PlainRequest request)
    {
        LinkedListNode<PlainRequest>? next = _waiting.First;
        while (Limits.Order is not null && next is not null
            && (next.Value.Key, next.Value.Inbound.Id).CompareTo((request.Key, request.Inbound.Id)) < 0)
        {
            next = next.Next;
        }

        if (next is null)
        {
            _waiting.AddLast(request);
        }
        else
        {
            _waiting.AddBefore(next, request);
        }
    }

    // Decoding requests that got nothing, which happens only to those behind a request that threw out itself, or a request
    // before them whose last token is in flight.
    private void MarkLate(List<Sequence> scheduled)
    {
        foreach (PlainRequest request in _running)
        {
            bool isLastInFlight = request.Output + request.Placeholders >= request.Inbound.OutputTokens;
            bool isInFlight = request.Placeholders > 0 && (isLastInFlight || !Limits.RunsAhead);
            request.IsLate |= request.Computed >= request.PrefillTarget && !isInFlight && !scheduled.Exists(s => s.Request == request);
        }
    }

    private void Add(List<Sequence> scheduled, PlainRequest request, int tokens)
    {
        int context = request.Computed;
        request.Computed += tokens;
        bool emits = request.Computed == request.KnownTokens + request.Placeholders;
        request.Placeholders += emits ? 1 : 0;
        ChargeOutput(request, emits ? 1 : 0);
        scheduled.Add(new Sequence(request, tokens, context, context < request.PrefillTarget, emits, request.IsLate));
        request.IsLate = false;
    }

    private void Preempt(PlainRequest request, StepRecord? record)
    {
        Free(request);
        if (!TrySwapOut(request))
        {
            request.Computed = 0;
        }

        request.IsRunning = false;
        request.IsLate = false;
        request.Preemptions++;
        request.WaitingSinceNs = Now.Nanoseconds;
        PutBack(request);
        Meter.Preempted(Now.Nanoseconds);
        record?.AddPreempted(request.Inbound.Id);
    }

    // What it asks for, or a whole number of units of it.
    private int Fit(int tokens, int budget) =>
        tokens <= budget ? tokens : budget / Limits.ChunkUnit * Limits.ChunkUnit;

    private int Cut(int tokens) =>
        Limits.LongPrefillTokenThreshold > 0 ? Math.Min(tokens, Limits.LongPrefillTokenThreshold) : tokens;

    private int BlocksFor(int tokens) => (tokens + Limits.BlockSize - 1) / Limits.BlockSize;
}
