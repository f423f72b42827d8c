using System.Diagnostics.CodeAnalysis;
using LlmSim.Specs;

namespace LlmSim.Catalog;

/// <summary>Known links between the GPUs of a node.</summary>
public static class InterconnectCatalog
{
    /// <summary>NVLink 3 behind NVSwitch: 12 links of 25 GB/s each way.</summary>
    public static InterconnectSpec NvLink3 { get; } = new()
    {
        Name = "nvlink3",
        BytesPerSecond = 300e9,
        LatencySeconds = 5.2e-6,
        Source = "NVIDIA A100 datasheet (600 GB/s both ways); latency: smallest all-reduce of 4 (aiconfigurator)",
    };

    /// <summary>NVLink 4 behind NVSwitch: 18 links of 25 GB/s each way.</summary>
    public static InterconnectSpec NvLink4 { get; } = new()
    {
        Name = "nvlink4",
        BytesPerSecond = 450e9,
        LatencySeconds = 4.5e-6,
        Source = "NVIDIA H100 datasheet (900 GB/s both ways); latency: smallest all-reduce of 2 to 8 (aiconfigurator)",
    };

    /// <summary>NVLink 5 behind NVSwitch: 18 links of 50 GB/s each way.</summary>
    public static InterconnectSpec NvLink5 { get; } = new()
    {
        Name = "nvlink5",
        BytesPerSecond = 900e9,
        LatencySeconds = 4.5e-6,
        Source = "NVIDIA Blackwell datasheet (1.8 TB/s both ways); latency taken to be that of NVLink 4",
    };

    /// <summary>AMD Infinity Fabric between eight GPUs of a node: 7 links of 64 GB/s each way, one to each other GPU.</summary>
    public static InterconnectSpec InfinityFabric4 { get; } = new()
    {
        Name = "infinity-fabric4",
        BytesPerSecond = 448e9,
        LatencySeconds = 4.5e-6,
        Source = "AMD Instinct MI300X data sheet (128 GB/s both ways a link); latency taken to be that of NVLink 4",
    };

    /// <summary>PCI Express 3.0, 16 lanes.</summary>
    public static InterconnectSpec Pcie3 { get; } = new()
    {
        Name = "pcie3",
        BytesPerSecond = 16e9,
        LatencySeconds = 5.4e-6,
        Source = "PCI-SIG: 8 GT/s x 16 lanes each way; latency taken to be that of PCI Express 4.0",
    };

    /// <summary>PCI Express 4.0, 16 lanes.</summary>
    public static InterconnectSpec Pcie4 { get; } = new()
    {
        Name = "pcie4",
        BytesPerSecond = 32e9,
        LatencySeconds = 5.4e-6,
        Source = "PCI-SIG: 16 GT/s x 16 lanes each way; latency: smallest all-reduce of 2 L40S (aiconfigurator)",
    };

    /// <summary>PCI Express 5.0, 16 lanes.</summary>
    public static InterconnectSpec Pcie5 { get; } = new()
    {
        Name = "pcie5",
        BytesPerSecond = 64e9,
        LatencySeconds = 5.4e-6,
        Source = "PCI-SIG: 32 GT/s x 16 lanes each way; latency taken to be that of PCI Express 4.0",
    };

    /// <summary>InfiniBand NDR, one 400 Gb/s adapter for each GPU.</summary>
    public static InterconnectSpec InfinibandNdr { get; } = new()
    {
        Name = "infiniband-ndr",
        BytesPerSecond = 50e9,
        LatencySeconds = 5e-6,
        Source = "NVIDIA ConnectX-7 datasheet (400 Gb/s); latency of one step of a collective between nodes: assumed",
    };

    /// <summary>InfiniBand HDR, one 200 Gb/s adapter for each GPU.</summary>
    public static InterconnectSpec InfinibandHdr { get; } = InfinibandNdr with
    {
        Name = "infiniband-hdr",
        BytesPerSecond = 25e9,
        Source = "NVIDIA ConnectX-6 datasheet (200 Gb/s); latency of one step of a collective between nodes: assumed",
    };

    /// <summary>RoCE at 400 Gb/s, one adapter for each GPU.</summary>
    public static InterconnectSpec Roce400 { get; } = InfinibandNdr with
    {
        Name = "roce-400",
        LatencySeconds = 7e-6,
        Source = "400 Gb/s Ethernet; latency of one step of a collective between nodes: assumed",
    };

    /// <summary>RoCE at 100 Gb/s, one adapter for each GPU.</summary>
    public static InterconnectSpec Roce100 { get; } = Roce400 with
    {
        Name = "roce-100",
        BytesPerSecond = 12.5e9,
        Source = "100 Gb/s Ethernet; latency of one step of a collective between nodes: assumed",
    };

    private static readonly NamedCatalog<InterconnectSpec> Catalog = new("cluster.interconnect",
        (NvLink3, NvLink3.Name, []),
        (NvLink4, NvLink4.Name, []),
        (NvLink5, NvLink5.Name, []),
        (InfinityFabric4, InfinityFabric4.Name, ["xgmi"]),
        (Pcie3, Pcie3.Name, ["pcie-gen3", "pcie3-x16"]),
        (Pcie4, Pcie4.Name, ["pcie-gen4", "pcie4-x16"]),
        (Pcie5, Pcie5.Name, ["pcie-gen5", "pcie5-x16"]),
        (InfinibandHdr, InfinibandHdr.Name, ["hdr", "ib-hdr"]),
        (InfinibandNdr, InfinibandNdr.Name, ["ndr", "ib-ndr", "infiniband"]),
        (Roce100, Roce100.Name, []),
        (Roce400, Roce400.Name, ["roce"]));

    /// <summary>All links, in listing order.</summary>
    public static IReadOnlyList<InterconnectSpec> All => Catalog.All;

    /// <summary>Finds a link by name or alias.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out InterconnectSpec? link) =>
        Catalog.TryGet(name, out link);

    /// <summary>The link of this name or alias.</summary>
    /// <exception cref="ConfigException">There is none; the message offers near names.</exception>
    public static InterconnectSpec Get(string name) => Catalog.Get(name);

    /// <summary>Up to three names that an unknown one may have meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name) => Catalog.Near(name);
}
