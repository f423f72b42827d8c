namespace LlmSim.Costs;

/// <summary>
/// Quanta of what depends on a step's tokens alone, by family of kernels and without factors: shared by the cost models of one stage under
/// different <see cref="KernelScales"/>, which may run on several threads. Each entry is the same whoever works it out.
/// </summary>
/// <param name="maxTokens">Tokens a step can have; larger steps are not remembered.</param>
internal sealed class FamilyTimes(int maxTokens)
{
    private static readonly int Families = Enum.GetValues<KernelFamily>().Length;

    private readonly long[]?[] _byTokens = new long[maxTokens + 1][];

    /// <summary>Quanta of a step of some tokens under some factors.</summary>
    /// <param name="tokens">New tokens. At least 1.</param>
    /// <param name="scales">The factors.</param>
    /// <param name="plain">Works out the step without factors.</param>
    public long Quanta(int tokens, KernelScales scales, Func<int, StepWork> plain)
    {
        long[] families = tokens < _byTokens.Length ? _byTokens[tokens] ??= ByFamily(plain(tokens)) : ByFamily(plain(tokens));
        double sum = 0;
        for (int family = 0; family < families.Length; family++)
        {
            sum += scales.Of((KernelFamily)family) * families[family];
        }

        return checked((long)Math.Round(sum));
    }

    private static long[] ByFamily(StepWork work)
    {
        var families = new long[Families];
        foreach (Specs.Blocks.StepOperator op in Enum.GetValues<Specs.Blocks.StepOperator>())
        {
            families[(int)KernelScales.FamilyOf(op)] += (long)work[op].Total;
        }

        return families;
    }
}
