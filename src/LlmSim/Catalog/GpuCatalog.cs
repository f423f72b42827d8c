using System.Diagnostics.CodeAnalysis;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>
/// Known GPUs: datasheet rates (dense), and the memory that PyTorch sees, which is what vLLM's plan starts from.
/// </summary>
/// <remarks>
/// Memory as reported differs a little between drivers: 79.1 to 79.3 GiB are seen for 80 GB cards, 39.4 to 39.6 for the
/// 40 GB one, 23.5 to 23.7 for the RTX 4090.
/// </remarks>
public static class GpuCatalog
{
    private const double GiB = 1L << 30;

    private static readonly GpuSpec A100Sxm80 = new()
    {
        Name = "a100-80gb-sxm",
        MemoryBytes = (long)(79.15 * GiB),
        MemoryBytesPerSecond = 2039e9,
        Fp16FlopsPerSecond = 312e12,
        Fp32FlopsPerSecond = 156e12,
        Int8OpsPerSecond = 624e12,
        Interconnect = InterconnectCatalog.NvLink3,
        Source = "NVIDIA A100 datasheet; memory as PyTorch reports it (vLLM issue 4408)",
    };

    private static readonly GpuSpec A100Sxm40 = A100Sxm80 with
    {
        Name = "a100-40gb-sxm",
        MemoryBytes = (long)(39.49 * GiB),
        MemoryBytesPerSecond = 1555e9,
        Source = "NVIDIA A100 datasheet; memory as PyTorch reports it in out-of-memory messages",
    };

    private static readonly GpuSpec H100Sxm = new()
    {
        Name = "h100-80gb-sxm",
        MemoryBytes = (long)(79.22 * GiB),
        MemoryBytesPerSecond = 3350e9,
        Fp16FlopsPerSecond = 989.4e12,
        Fp32FlopsPerSecond = 494.7e12,
        Fp8FlopsPerSecond = 1978.9e12,
        Int8OpsPerSecond = 1978.9e12,
        Interconnect = InterconnectCatalog.NvLink4,
        Source = "NVIDIA H100 datasheet and white paper; memory as vLLM reports it (vLLM pull request 10511)",
    };

    private static readonly GpuSpec H100Pcie = H100Sxm with
    {
        Name = "h100-80gb-pcie",
        MemoryBytesPerSecond = 2039e9,
        Fp16FlopsPerSecond = 756e12,
        Fp32FlopsPerSecond = 378e12,
        Fp8FlopsPerSecond = 1513e12,
        Int8OpsPerSecond = 1513e12,
        Interconnect = InterconnectCatalog.Pcie5,
        Source = "NVIDIA H100 PCIe product brief; memory taken to be that of the SXM card; no NVLink bridge",
    };

    private static readonly GpuSpec Rtx4090 = new()
    {
        Name = "rtx-4090",
        MemoryBytes = (long)(23.64 * GiB),
        MemoryBytesPerSecond = 1008e9,
        Fp16FlopsPerSecond = 165.2e12,
        Fp32FlopsPerSecond = 82.6e12,
        Fp8FlopsPerSecond = 330.3e12,
        Int8OpsPerSecond = 660.6e12,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA Ada white paper (FP32 accumulation); memory as PyTorch reports it in out-of-memory messages",
    };

    private static readonly NamedCatalog<GpuSpec> Catalog = new("cluster.gpu",
        (A100Sxm40, A100Sxm40.Name, ["a100-40gb", "NVIDIA A100-SXM4-40GB"]),
        (A100Sxm80, A100Sxm80.Name, ["a100", "a100-80gb", "a100-sxm", "NVIDIA A100-SXM4-80GB"]),
        (H100Sxm, H100Sxm.Name, ["h100", "h100-sxm", "h100-80gb", "NVIDIA H100 80GB HBM3"]),
        (H100Pcie, H100Pcie.Name, ["h100-pcie", "NVIDIA H100 PCIe"]),
        (Rtx4090, Rtx4090.Name, ["4090", "NVIDIA GeForce RTX 4090"]));

    /// <summary>All GPUs, in listing order.</summary>
    public static IReadOnlyList<GpuSpec> All => Catalog.All;

    /// <summary>Finds a GPU by name or alias.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out GpuSpec? gpu) => Catalog.TryGet(name, out gpu);

    /// <summary>The GPU of this name or alias.</summary>
    /// <exception cref="ConfigException">There is none; the message offers near names.</exception>
    public static GpuSpec Get(string name) => Catalog.Get(name);

    /// <summary>Up to three names that an unknown one may have meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name) => Catalog.Near(name);
}
