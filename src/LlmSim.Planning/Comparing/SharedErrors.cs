using LlmSim.Calibration;
using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Uncertainty;

namespace LlmSim.Planning.Comparing;

/// <summary>
/// The model's errors of several scenarios as independent factors that they share: what is wrong in the same way for all of them cancels in a
/// difference.
/// </summary>
/// <remarks>
/// Two scenarios' errors of one family correlate by <see cref="Correlation"/>. The lower triangular root of these correlations (Cholesky) makes
/// them sums of independent ones: of as many as there are different scenarios, in the worst case.
/// </remarks>
internal static class SharedErrors
{
    /// <summary>
    /// Correlation of a family's errors on one GPU between kernels of different shapes. An assumption: a fit's error is part mean, which
    /// all shapes share, and part scatter from shape to shape, and which part is larger differs from family to family.
    /// </summary>
    public const double OtherShapes = 0.5;

    // Below this a root is rounding: the scenarios' errors are the same.
    private const double Smallest = 1e-9;

    /// <summary>The errors of each scenario: lists of the same length, in which the same place is the same independent error.</summary>
    /// <exception cref="ConfigException">A profile cannot be read.</exception>
    public static IReadOnlyList<IReadOnlyList<ErrorFactor>> Of(IReadOnlyList<SimulatorConfig> configs, ServingResidual residual)
    {
        IReadOnlyList<ErrorFactor>[] own = [.. configs.Select(config => ModelErrors.Of(config, residual))];
        List<ErrorFactor>[] shared = [.. configs.Select(_ => new List<ErrorFactor>())];
        foreach (string name in own.SelectMany(errors => errors).Select(error => error.Name).Distinct())
        {
            ErrorFactor?[] errors = [.. own.Select(list => list.FirstOrDefault(error => error.Name == name))];
            double[,] root = Root(configs.Count, (i, j) => errors[i] is null || errors[j] is null ? 0 : Correlation(configs[i], configs[j], name));
            for (int column = 0; column < configs.Count; column++)
            {
                if (errors[column] is null || root[column, column] < Smallest)
                {
                    continue;
                }

                for (int i = 0; i < configs.Count; i++)
                {
                    ErrorFactor error = errors[i] ?? errors[column]!;
                    shared[i].Add(error with { Deviation = errors[i] is null ? 0 : error.Deviation * root[i, column] });
                }
            }
        }

        return shared;
    }

    /// <summary>How far two scenarios' errors of one name are the same, from 0 to 1.</summary>
    public static double Correlation(SimulatorConfig one, SimulatorConfig other, string name)
    {
        if (one.Cluster.Gpu != other.Cluster.Gpu)
        {
            return 0; // Measured apart, or guessed apart.
        }

        bool sameEngine = one.Engine.Family == other.Engine.Family;
        if (name == ModelErrors.HostName)
        {
            return sameEngine ? 1 : 0;
        }

        bool sameModel = one.Model == other.Model;
        if (name == ModelErrors.Step)
        {
            return sameEngine && sameModel ? 1 : 0;
        }

        KernelFamily family = Enum.GetValues<KernelFamily>().Single(
            family => ModelErrors.Name(one.Model, family) == name || ModelErrors.Name(other.Model, family) == name);
        return !SameSource(one, other, family) ? 0
            : sameModel && (!IsCut(family) || one.Parallelism.TensorParallel == other.Parallelism.TensorParallel) ? 1
            : OtherShapes;
    }

    // Whether tensor parallelism changes the shapes of a family's kernels: norms and sampling are done whole on each GPU.
    private static bool IsCut(KernelFamily family) => family is not (KernelFamily.MemoryPasses or KernelFamily.Sampler);

    // Whether both take the family's times from the same coefficients, or both from the datasheet.
    private static bool SameSource(SimulatorConfig one, SimulatorConfig other, KernelFamily family)
    {
        (KernelProfile? a, KernelProfile? b) = (KernelProfiles.For(one), KernelProfiles.For(other));
        FitQuality? quality = a is null ? null : ModelErrors.Quality(a, one, family);
        return a?.Gpu == b?.Gpu && Equals(quality, b is null ? null : ModelErrors.Quality(b, other, family));
    }

    private static double[,] Root(int size, Func<int, int, double> correlation)
    {
        double[,] root = new double[size, size];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = i == j ? 1 : correlation(i, j);
                for (int k = 0; k < j; k++)
                {
                    rest -= root[i, k] * root[j, k];
                }

                root[i, j] = i == j ? Math.Sqrt(Math.Max(0, rest)) : root[j, j] < Smallest ? 0 : rest / root[j, j];
            }
        }

        return root;
    }
}
