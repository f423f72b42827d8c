using System.Numerics;
using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Costs;

/// <summary>Which links a group of GPUs talks over. Ranks are numbered node by node, those of a tensor-parallel group in a row.</summary>
internal static class ClusterLinks
{
    /// <summary>The link between two GPUs, by their ranks.</summary>
    public static InterconnectSpec LinkBetween(this ClusterSpec cluster, int first, int second) =>
        first / cluster.GpusPerNode == second / cluster.GpusPerNode ? cluster.NodeLink() : cluster.OuterLink();

    /// <summary>Whether a group of this many GPUs in a row needs more than one node.</summary>
    public static bool SpansNodes(this ClusterSpec cluster, int ranks) => ranks > cluster.GpusPerNode;

    /// <summary>
    /// The link that a collective of this many GPUs sees. Across nodes a ring runs through every adapter of a node at once, so its
    /// bandwidth is the smaller of the inner link's and the node's adapters' together; its floor is the inner link's and twice
    /// log₂(nodes) steps of the outer one, up and down a tree (NCCL's tree algorithm).
    /// </summary>
    public static InterconnectSpec CollectiveLink(this ClusterSpec cluster, int ranks)
    {
        InterconnectSpec inner = cluster.NodeLink();
        if (!cluster.SpansNodes(ranks))
        {
            return inner;
        }

        InterconnectSpec outer = cluster.OuterLink();
        uint nodes = (uint)((ranks + cluster.GpusPerNode - 1) / cluster.GpusPerNode);
        int levels = BitOperations.Log2(nodes - 1) + 1;
        return new InterconnectSpec
        {
            Name = $"{inner.Name} and {outer.Name}",
            BytesPerSecond = Math.Min(inner.BytesPerSecond, outer.BytesPerSecond * cluster.GpusPerNode),
            LatencySeconds = inner.LatencySeconds + (2 * levels * outer.LatencySeconds),
        };
    }

    private static InterconnectSpec NodeLink(this ClusterSpec cluster) => cluster.Interconnect ?? cluster.Gpu.Interconnect;

    private static InterconnectSpec OuterLink(this ClusterSpec cluster) => cluster.NodeInterconnect ?? InterconnectCatalog.InfinibandNdr;
}
