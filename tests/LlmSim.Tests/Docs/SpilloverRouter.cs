using LlmSim.Serving;
using LlmSim.Serving.Routing;

namespace LlmSim.Tests.Docs;

/// <summary>Fills one replica before it uses the next, the example of docs/extending.md.</summary>
internal sealed class SpilloverRouter(int most) : Router
{
    public override RouterSight Sight => RouterSight.Outstanding;

    public override int Choose(Replica[] replicas)
    {
        int chosen = Array.FindIndex(replicas, replica => replica.Outstanding < most);
        return chosen >= 0 ? chosen : replicas.Length - 1;
    }
}
