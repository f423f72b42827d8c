namespace LlmSim.Serving.Sglang;

/// <summary>The orders of a waiting queue that look at the radix tree (<c>SchedulePolicy</c> of <c>managers/schedule_policy.py</c>).</summary>
internal static class PrefixOrder
{
    // Above so many waiting requests longest prefix match costs too much.
    private const int LongestSortedQueue = 128;

    // Equal tokens, in the cache and among waiting requests, that count.
    private const int NotableTokens = 32;

    /// <summary>What a waiting request says, as far as it is known: a path and its tokens; no path where nobody says the same.</summary>
    public delegate (TokenRun[]? Path, int Tokens) Says<in T>(T request);

    /// <summary>
    /// Longest cached prefix first; but of requests that share an uncached one only the first, so that the others can hit it.
    /// </summary>
    public static IReadOnlyList<T> ByPrefix<T>(RadixTree tree, IReadOnlyList<T> queue, Says<T> says)
    {
        if (queue.Count > LongestSortedQueue)
        {
            return queue;
        }

        var among = new RadixTree(1);
        var ranked = new List<(T Request, int Rank)>();
        foreach (T request in queue)
        {
            (TokenRun[]? path, int tokens) = says(request);
            int found = path is null ? 0 : tree.Match(path, tokens, out _);
            bool isNotable = found > NotableTokens || path is null;
            bool isLast = !isNotable && among.Match(path!, tokens, out _) >= NotableTokens;
            if (!isNotable && !isLast)
            {
                among.Insert(path!, tokens, out _);
            }

            ranked.Add((request, isLast ? 1 : -found));
        }

        return [.. ranked.OrderBy(pair => pair.Rank).Select(pair => pair.Request)];
    }

    /// <summary>Depth first through the tree, the child with more waiting requests below it first, a node's own after its children's.</summary>
    public static IReadOnlyList<T> ByWeight<T>(RadixTree tree, IReadOnlyList<T> queue, Says<T> says)
    {
        var ending = new Dictionary<RadixNode, List<T>>();
        var weights = new Dictionary<RadixNode, int>();
        foreach (T request in queue)
        {
            (TokenRun[]? path, int tokens) = says(request);
            tree.Match(path!, tokens, out RadixNode end);
            if (!ending.TryGetValue(end, out List<T>? there))
            {
                ending[end] = there = [];
            }

            there.Add(request);
        }

        // Counted at the end: a later match may have split a node, and what ended there still does.
        foreach ((RadixNode end, List<T> there) in ending)
        {
            for (RadixNode? node = end; node is not null; node = node.Parent)
            {
                weights[node] = weights.GetValueOrDefault(node) + there.Count;
            }
        }

        // Nodes without waiting requests below them add nothing, wherever they stand.
        ILookup<RadixNode?, RadixNode> children = weights.Keys.ToLookup(node => node.Parent);
        return [.. Visit(tree.Root)];

        IEnumerable<T> Visit(RadixNode node) => children[node]
            .OrderByDescending(child => weights[child]).ThenBy(child => child.Order)
            .SelectMany(Visit)
            .Concat(ending.GetValueOrDefault(node) ?? []);
    }
}
