using LlmSim.Serving.Events;

namespace LlmSim.Serving;

/// <summary>Turns the record of a step into events.</summary>
internal static class StepEvents
{
    /// <summary>The scheduler decided on the step.</summary>
    public static void Decided(EventHub events, StepRecord step)
    {
        foreach (long id in step.Preempted)
        {
            events.Handle(new RequestPreempted(id, step.Decided));
        }

        foreach (ScheduledSequence sequence in step.Scheduled)
        {
            bool resumed = step.Resumed.Contains(sequence.RequestId);
            if (resumed || step.Admitted.Contains(sequence.RequestId))
            {
                events.Handle(new RequestScheduled(sequence.RequestId, step.Decided, resumed));
            }
        }

        // A static batch takes its members at once, their prompts follow step by step.
        if (step.Admitted.Count > step.Scheduled.Count)
        {
            foreach (long id in step.Admitted.Except(step.Scheduled.Select(sequence => sequence.RequestId)))
            {
                events.Handle(new RequestScheduled(id, step.Decided, Resumed: false));
            }
        }

        events.Handle(new BatchFormed(step.Decided, step));
    }

    /// <summary>The step started on the GPU.</summary>
    public static void Started(EventHub events, StepRecord step)
    {
        foreach (ScheduledSequence sequence in step.Scheduled)
        {
            if (sequence.IsPrefill)
            {
                events.Handle(new PrefillStarted(sequence.RequestId, step.Start, sequence.Tokens, sequence.Context));
            }
        }

        if (step.DecodeSequences > 0)
        {
            events.Handle(new DecodeStepStarted(step.Number, step.Start, step.DecodeSequences));
        }
    }

    /// <summary>The step ended on the GPU and its results are known.</summary>
    public static void Finished(EventHub events, StepRecord step)
    {
        if (step.DecodeSequences > 0)
        {
            events.Handle(new DecodeStepFinished(step.Number, step.End, step.DecodeSequences));
        }

        foreach (ScheduledSequence sequence in step.Scheduled)
        {
            if (sequence.EmitsIndex == 0)
            {
                continue;
            }

            if (sequence.IsPrefill)
            {
                events.Handle(new PrefillFinished(sequence.RequestId, step.End));
            }

            events.Handle(new TokenEmitted(sequence.RequestId, step.End, sequence.EmitsIndex));
            if (sequence.Finishes)
            {
                events.Handle(new RequestFinished(sequence.RequestId, step.End, sequence.EmitsIndex));
            }
        }
    }
}
