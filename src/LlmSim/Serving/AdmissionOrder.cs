using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>
/// A scheduling policy: gives each request a key when it joins the waiting queue. The smallest key is admitted first and, when KV
/// blocks run short, the largest key among the running is thrown out first; ties go by arrival, the later one being worse.
/// </summary>
/// <remarks>
/// As vLLM's priority policy (<c>vllm/v1/core/sched/scheduler.py</c>, <c>request_queue.py</c>): the head of the queue blocks those
/// behind it, and a waiting request never throws out a running one to get in. First come, first served has no such object: its
/// engine keeps lists instead of a heap.
/// </remarks>
public abstract class AdmissionOrder
{
    /// <summary>The key of a request; it keeps it to its end. Called once per request.</summary>
    public abstract long Key(in WaitingRequest request);

    /// <summary>The order of a policy; null for first come, first served.</summary>
    /// <param name="scheduler">The policy, and how well it predicts.</param>
    /// <param name="classes">The workload's classes, for priorities and deadlines.</param>
    /// <param name="objectives">What requests of other classes must keep.</param>
    /// <param name="seed">Seed of the errors of predictions.</param>
    internal static AdmissionOrder? Of(
        SchedulerSpec scheduler, IReadOnlyList<RequestClassSpec> classes, SloSpec objectives, ulong seed)
    {
        double ttft = objectives.TtftMilliseconds ?? 0;
        return scheduler.Policy switch
        {
            SchedulingPolicy.Priority => new PriorityOrder([.. classes.Select(c => c.Priority)]),
            SchedulingPolicy.Sjf when scheduler.PredictionError > 0 => new PredictedLengthOrder(scheduler.PredictionError, seed),
            SchedulingPolicy.Sjf => new ShortestFirstOrder(),
            SchedulingPolicy.Edf => new EarliestDeadlineOrder([.. classes.Select(c => c.FirstTokenMilliseconds ?? ttft)], ttft),
            _ => null,
        };
    }
}
