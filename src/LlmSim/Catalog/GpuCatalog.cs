using System.Diagnostics.CodeAnalysis;
using LlmSim.Catalog.Gpus;
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
    private static readonly NamedCatalog<GpuSpec> Catalog = new("cluster.gpu",
        Entry(DataCenterGpus.A100Sxm40, "a100-40gb", "a100-sxm-40gb", "NVIDIA A100-SXM4-40GB"),
        Entry(DataCenterGpus.A100Pcie40, "a100-pcie-40gb", "NVIDIA A100-PCIE-40GB"),
        Entry(DataCenterGpus.A100Sxm80, "a100", "a100-80gb", "a100-sxm", "a100-sxm-80gb", "NVIDIA A100-SXM4-80GB"),
        Entry(DataCenterGpus.A100Pcie80, "a100-pcie", "a100-pcie-80gb", "NVIDIA A100 80GB PCIe"),
        Entry(DataCenterGpus.H100Sxm, "h100", "h100-sxm", "h100-80gb", "h100-sxm-80gb", "NVIDIA H100 80GB HBM3"),
        Entry(DataCenterGpus.H100Pcie, "h100-pcie", "h100-pcie-80gb", "NVIDIA H100 PCIe"),
        Entry(DataCenterGpus.H200, "h200", "h200-sxm", "h200-141gb", "h200-sxm-141gb", "NVIDIA H200"),
        Entry(DataCenterGpus.B200, "b200", "b200-sxm", "b200-180gb", "NVIDIA B200"),
        Entry(DataCenterGpus.Gb200, "NVIDIA GB200"),
        Entry(DataCenterGpus.L40S, "l40s-48gb", "NVIDIA L40S"),
        Entry(DataCenterGpus.L4, "NVIDIA L4"),
        Entry(DataCenterGpus.A10G, "NVIDIA A10G"),
        Entry(DataCenterGpus.T4, "Tesla T4"),
        Entry(DataCenterGpus.Mi300X, "AMD Instinct MI300X"),
        Entry(WorkstationGpus.Rtx3090, "3090", "NVIDIA GeForce RTX 3090"),
        Entry(WorkstationGpus.Rtx4090, "4090", "NVIDIA GeForce RTX 4090"),
        Entry(WorkstationGpus.Rtx5090, "5090", "NVIDIA GeForce RTX 5090"),
        Entry(WorkstationGpus.RtxPro6000, "rtx-pro-6000-blackwell", "rtx-pro-6000-server",
            "NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "NVIDIA RTX PRO 6000 Blackwell Server Edition"));

    /// <summary>All GPUs, in listing order.</summary>
    public static IReadOnlyList<GpuSpec> All => Catalog.All;

    /// <summary>Finds a GPU by name or alias.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out GpuSpec? gpu) => Catalog.TryGet(name, out gpu);

    /// <summary>The GPU of this name or alias.</summary>
    /// <exception cref="ConfigException">There is none; the message offers near names.</exception>
    public static GpuSpec Get(string name) => Catalog.Get(name);

    /// <summary>Up to three names that an unknown one may have meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name) => Catalog.Near(name);

    private static (GpuSpec Item, string Name, string[] Aliases) Entry(GpuSpec gpu, params string[] aliases) =>
        (gpu, gpu.Name, aliases);
}
