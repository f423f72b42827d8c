namespace LlmSim.Serving.Sglang;

/// <content>The order of the waiting queue, made anew at each prefill attempt (<c>SchedulePolicy.calc_priority</c>).</content>
internal sealed partial class PlainSglangEngine
{
    // Above so many waiting requests longest prefix match costs too much.
    private const int LongestSortedQueue = 128;

    // Equal tokens, in the cache and among waiting requests, that count.
    private const int NotableTokens = 32;

    private void SortQueue()
    {
        bool byPriority = _sglang.EnablePriorityScheduling;
        switch (_sglang.Policy)
        {
            case SglangPolicy.Lof:
                _waiting = [.. _waiting.OrderByDescending(r => byPriority ? r.Urgency : 0).ThenByDescending(r => r.MaxNewTokens)];
                break;
            case SglangPolicy.Lpm when _tree is not null:
                SortByPrefix(_tree);
                break;
            case SglangPolicy.DfsWeight when _tree is not null:
                SortByWeight(_tree);
                break;
            default:
                if (byPriority)
                {
                    _waiting = [.. _waiting.OrderByDescending(r => r.Urgency).ThenBy(r => r.QueueEntry)];
                }

                break;
        }
    }

    // Longest cached prefix first; but of requests that share an uncached one, only the first, so that the others can hit it.
    private void SortByPrefix(RadixTree tree)
    {
        if (_waiting.Count > LongestSortedQueue)
        {
            return;
        }

        var among = new RadixTree(1);
        var last = new HashSet<PlainSglangRequest>();
        foreach (PlainSglangRequest request in _waiting)
        {
            request.Prefix = tree.Match(request.Path, request.KnownTokens, out _);
            if (request.Prefix > NotableTokens)
            {
                continue;
            }

            if (among.Match(request.Path, request.KnownTokens, out _) >= NotableTokens)
            {
                last.Add(request);
            }
            else
            {
                among.Insert(request.Path, request.KnownTokens, out _);
            }
        }

        _waiting = [.. _waiting.OrderBy(r => last.Contains(r) ? 1 : -r.Prefix)];
    }

    private void SortByWeight(RadixTree tree)
    {
        var ending = new Dictionary<RadixNode, List<PlainSglangRequest>>();
        var weights = new Dictionary<RadixNode, int>();
        foreach (PlainSglangRequest request in _waiting)
        {
            tree.Match(request.Path, request.KnownTokens, out RadixNode node);
            if (!ending.TryGetValue(node, out List<PlainSglangRequest>? there))
            {
                ending[node] = there = [];
            }

            there.Add(request);
        }

        foreach ((RadixNode end, List<PlainSglangRequest> there) in ending)
        {
            for (RadixNode? node = end; node is not null; node = node.Parent)
            {
                weights[node] = weights.GetValueOrDefault(node) + there.Count;
            }
        }

        // Nodes without waiting requests below them add nothing, wherever they stand.
        ILookup<RadixNode?, RadixNode> children = weights.Keys.ToLookup(node => node.Parent);
        _waiting = [.. Visit(tree.Root)];

        IEnumerable<PlainSglangRequest> Visit(RadixNode node) => children[node]
            .OrderByDescending(child => weights[child]).ThenBy(child => child.Order)
            .SelectMany(Visit)
            .Concat(ending.GetValueOrDefault(node) ?? []);
    }
}
