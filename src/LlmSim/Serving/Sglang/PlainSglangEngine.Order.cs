using LlmSim.Specs;

namespace LlmSim.Serving.Sglang;

/// <content>The order of the waiting queue, made anew at each prefill attempt (<c>SchedulePolicy.calc_priority</c>).</content>
internal sealed partial class PlainSglangEngine
{
    private void SortQueue()
    {
        bool byPriority = _sglang.EnablePriorityScheduling;
        switch (_sglang.Policy)
        {
            case SglangPolicy.Lof:
                _waiting = [.. _waiting.OrderByDescending(r => byPriority ? r.Urgency : 0).ThenByDescending(r => r.MaxNewTokens)];
                break;
            case SglangPolicy.Lpm when _tree is not null:
                _waiting = [.. PrefixOrder.ByPrefix(_tree, _waiting, r => (r.Path, r.KnownTokens))];
                break;
            case SglangPolicy.DfsWeight when _tree is not null:
                _waiting = [.. PrefixOrder.ByWeight(_tree, _waiting, r => (r.Path, r.KnownTokens))];
                break;
            default:
                if (byPriority)
                {
                    _waiting = [.. _waiting.OrderByDescending(r => r.Urgency).ThenBy(r => r.QueueEntry)];
                }

                break;
        }
    }
}
