using LlmSim.Calibration;
using LlmSim.Specs;

namespace LlmSim.Uncertainty;

/// <summary>Where one kind of times in a simulation comes from.</summary>
/// <param name="Name">The kind: a family of kernels, or host and front end.</param>
/// <param name="Origin">Whether it was measured on this GPU, on another, or neither.</param>
/// <param name="Detail">What was measured, for people.</param>
/// <param name="Deviation">Standard deviation of the logarithm of what it may be wrong by. At least 0.</param>
public sealed record TimeSource(string Name, TimeOrigin Origin, string Detail, double Deviation)
{
    /// <summary>All kinds of a scenario's times, kernels first.</summary>
    /// <exception cref="ConfigException">The profile cannot be read.</exception>
    public static IReadOnlyList<TimeSource> Of(SimulatorConfig config)
    {
        KernelProfile? profile = KernelProfiles.For(config);
        return
        [
            .. ModelErrors.Families(config).Select(family => OfFamily(config, profile, family)),
            new TimeSource(ModelErrors.HostName, TimeOrigin.Assumed, "priors, and what H100 servers show", ModelErrors.Host),
        ];
    }

    private static TimeSource OfFamily(SimulatorConfig config, KernelProfile? profile, Costs.KernelFamily family)
    {
        (double deviation, string source) = ModelErrors.Deviation(profile, config, family);
        return profile is null || ModelErrors.Quality(profile, config, family) is not { } quality
            ? new TimeSource(ModelErrors.Name(config.Model, family), TimeOrigin.Assumed, source, deviation)
            : new TimeSource(
                ModelErrors.Name(config.Model, family), profile.Gpu == config.Cluster.Gpu.Name ? TimeOrigin.Calibrated : TimeOrigin.Scaled,
                $"{profile.Gpu}, {quality.Measured}, {quality.HeldOutError:0.0%} off", deviation);
    }
}
