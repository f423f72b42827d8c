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
    /// <param name="policy">The policy.</param>
    /// <param name="priorities">The priorities of the workload's classes.</param>
    internal static AdmissionOrder? Of(SchedulingPolicy policy, IReadOnlyList<int> priorities) => policy switch
    {
        SchedulingPolicy.Priority => new PriorityOrder(priorities),
        SchedulingPolicy.Sjf => new ShortestFirstOrder(),
        _ => null,
    };
}
