using LlmSim.Specs;

namespace LlmSim.Serving;

/// <summary>
/// What tenants are charged under the policy fair, by class: 1 for a prompt token and 2 for an output token, as in "Fairness in Serving Large
/// Language Models" (Sheng et al., OSDI '24), over the tenant's weight.
/// </summary>
/// <param name="weights">Weights of the classes by index; any other class has 1.</param>
internal sealed class FairShares(IReadOnlyList<double> weights)
{
    private const int InputWeight = 1;
    private const int OutputWeight = 2;

    // Charges are whole numbers, so that it does not matter how many tokens are charged at once.
    private const double Unit = 1 << 20;

    private readonly double[] _weights = [.. weights];

    /// <summary>The shares of a scenario; null under another policy.</summary>
    public static FairShares? Of(SchedulerSpec scheduler, IReadOnlyList<RequestClassSpec> classes) =>
        scheduler.Policy == SchedulingPolicy.Fair ? new FairShares([.. classes.Select(c => c.Weight)]) : null;

    /// <summary>The charge of a prompt token.</summary>
    public long OfInput(int tenant) => (long)Math.Round(InputWeight * Unit / WeightOf(tenant));

    /// <summary>The charge of an output token.</summary>
    public long OfOutput(int tenant) => (long)Math.Round(OutputWeight * Unit / WeightOf(tenant));

    private double WeightOf(int tenant) => tenant < _weights.Length ? _weights[tenant] : 1;
}
