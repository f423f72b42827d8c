using LlmSim.Catalog;
using LlmSim.Specs;

namespace LlmSim.Calibration.Fitting;

/// <summary>How well the profile of another GPU predicts a kernel family's tables of this one.</summary>
/// <param name="Gpu">The GPU measured.</param>
/// <param name="From">The GPU whose profile was taken.</param>
/// <param name="IsSameArchitecture">Whether both are of one architecture.</param>
/// <param name="Family">The kernel family, for people.</param>
/// <param name="Other">Errors with that profile.</param>
/// <param name="Own">Errors on the same rows with the GPU's own profile; null where there is none.</param>
internal sealed record LeftOutFamily(string Gpu, string From, bool IsSameArchitecture, string Family, ErrorSummary Other, ErrorSummary? Own)
{
    /// <summary>Predicts tables of each GPU as if it had not been measured: by the profile of its nearest other.</summary>
    /// <param name="all">Tables of GPUs.</param>
    /// <exception cref="ConfigException">Tables cannot be right.</exception>
    public static IReadOnlyList<LeftOutFamily> All(IReadOnlyList<GpuTables> all) => [.. GpuTables.Each(all, Of).SelectMany(families => families)];

    private static LeftOutFamily[] Of(GpuTables tables)
    {
        GpuSpec gpu = tables.Gpu;
        KernelProfile other = KernelProfiles.Nearest(gpu);
        Dictionary<string, ErrorSummary> own = KernelProfiles.Gpus.Contains(gpu.Name)
            ? Errors(tables, KernelProfiles.For(gpu)).ToDictionary(pair => pair.Family, pair => pair.Error)
            : [];
        return [.. Errors(tables, other).Select(pair => new LeftOutFamily(
            gpu.Name, other.Gpu, GpuCatalog.Get(other.Gpu).Architecture == gpu.Architecture, pair.Family, pair.Error, own.GetValueOrDefault(pair.Family)))];
    }

    private static IEnumerable<(string Family, ErrorSummary Error)> Errors(GpuTables tables, KernelProfile profile) =>
        KernelFamilies.Of(ProfileFit.Run(tables.Gpu, tables.Files, profile))
            .Where(family => family.Quality.Errors.Count > 0)
            .Select(family => (family.Name, ErrorSummary.Of(family.Quality.Errors)));
}
