using LlmSim.Specs;

namespace LlmSim.Catalog.Gpus;

/// <summary>GPUs of servers.</summary>
internal static class DataCenterGpus
{
    private const double GiB = 1L << 30;
    private const long MiB = 1L << 20;

    public static readonly GpuSpec A100Sxm80 = new()
    {
        Name = "a100-80gb-sxm",
        MemoryBytes = (long)(79.15 * GiB),
        MemoryBytesPerSecond = 2039e9,
        Fp16FlopsPerSecond = 312e12,
        Fp32FlopsPerSecond = 156e12,
        Int8OpsPerSecond = 624e12,
        Architecture = "ampere",
        Multiprocessors = 108,
        L2CacheBytes = 40 * MiB,
        Interconnect = InterconnectCatalog.NvLink3,
        Source = "NVIDIA A100 datasheet; memory as PyTorch reports it (vLLM issue 4408)",
    };

    public static readonly GpuSpec A100Sxm40 = A100Sxm80 with
    {
        Name = "a100-40gb-sxm",
        MemoryBytes = (long)(39.49 * GiB),
        MemoryBytesPerSecond = 1555e9,
        Source = "NVIDIA A100 datasheet; memory as PyTorch reports it in out-of-memory messages",
    };

    public static readonly GpuSpec A100Pcie80 = A100Sxm80 with
    {
        Name = "a100-80gb-pcie",
        MemoryBytesPerSecond = 1935e9,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA A100 datasheet; memory taken to be that of the SXM card; no NVLink bridge",
    };

    public static readonly GpuSpec A100Pcie40 = A100Sxm40 with
    {
        Name = "a100-40gb-pcie",
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA A100 datasheet; memory taken to be that of the SXM card; no NVLink bridge",
    };

    public static readonly GpuSpec H100Sxm = new()
    {
        Name = "h100-80gb-sxm",
        MemoryBytes = (long)(79.22 * GiB),
        MemoryBytesPerSecond = 3350e9,
        Fp16FlopsPerSecond = 989.4e12,
        Fp32FlopsPerSecond = 494.7e12,
        Fp8FlopsPerSecond = 1978.9e12,
        Int8OpsPerSecond = 1978.9e12,
        Architecture = "hopper",
        Multiprocessors = 132,
        L2CacheBytes = 50 * MiB,
        Interconnect = InterconnectCatalog.NvLink4,
        HostBytesPerSecond = 64e9,
        Source = "NVIDIA H100 datasheet and white paper; memory as vLLM reports it (vLLM pull request 10511)",
    };

    public static readonly GpuSpec H100Pcie = H100Sxm with
    {
        Name = "h100-80gb-pcie",
        MemoryBytesPerSecond = 2039e9,
        Fp16FlopsPerSecond = 756e12,
        Fp32FlopsPerSecond = 378e12,
        Fp8FlopsPerSecond = 1513e12,
        Int8OpsPerSecond = 1513e12,
        Multiprocessors = 114,
        Interconnect = InterconnectCatalog.Pcie5,
        Source = "NVIDIA H100 PCIe product brief; memory taken to be that of the SXM card; no NVLink bridge",
    };

    public static readonly GpuSpec H200 = H100Sxm with
    {
        Name = "h200-141gb-sxm",
        MemoryBytes = (long)(139.8 * GiB),
        MemoryBytesPerSecond = 4800e9,
        Source = "NVIDIA H200 datasheet; memory as PyTorch reports it in out-of-memory messages",
    };

    public static readonly GpuSpec B200 = new()
    {
        Name = "b200-180gb-sxm",
        MemoryBytes = (long)(178.35 * GiB),
        MemoryBytesPerSecond = 7700e9,
        Fp16FlopsPerSecond = 2250e12,
        Fp32FlopsPerSecond = 1125e12,
        Fp8FlopsPerSecond = 4500e12,
        Int8OpsPerSecond = 4500e12,
        Architecture = "blackwell",
        Multiprocessors = 148,
        L2CacheBytes = 126 * MiB,
        Interconnect = InterconnectCatalog.NvLink5,
        HostBytesPerSecond = 64e9,
        Source = "NVIDIA Blackwell datasheet, HGX B200 (8 TB/s in other editions); memory as PyTorch reports it",
    };

    public static readonly GpuSpec Gb200 = B200 with
    {
        Name = "gb200",
        MemoryBytes = (long)(184.3 * GiB),
        MemoryBytesPerSecond = 8000e9,
        Fp16FlopsPerSecond = 2500e12,
        Fp32FlopsPerSecond = 1250e12,
        Fp8FlopsPerSecond = 5000e12,
        Int8OpsPerSecond = 5000e12,
        Multiprocessors = 152,
        Source = "NVIDIA GB200 NVL72 datasheet; memory: 189,471 MiB as nvidia-smi reports it less what the driver keeps of a B200",
    };

    public static readonly GpuSpec L40S = new()
    {
        Name = "l40s",
        MemoryBytes = (long)(44.4 * GiB),
        MemoryBytesPerSecond = 864e9,
        Fp16FlopsPerSecond = 362.05e12,
        Fp32FlopsPerSecond = 183e12,
        Fp8FlopsPerSecond = 733e12,
        Int8OpsPerSecond = 733e12,
        Architecture = "ada",
        Multiprocessors = 142,
        L2CacheBytes = 96 * MiB,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA L40S datasheet; memory as PyTorch reports it in out-of-memory messages",
    };

    public static readonly GpuSpec L4 = new()
    {
        Name = "l4",
        MemoryBytes = (long)(22.0 * GiB),
        MemoryBytesPerSecond = 300e9,
        Fp16FlopsPerSecond = 121e12,
        Fp32FlopsPerSecond = 60e12,
        Fp8FlopsPerSecond = 242.5e12,
        Int8OpsPerSecond = 242.5e12,
        Architecture = "ada",
        Multiprocessors = 58,
        L2CacheBytes = 48 * MiB,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA L4 datasheet (half of the rates with sparsity; at 72 W seldom sustained); memory as reported, to 0.2 GiB",
    };

    public static readonly GpuSpec A10G = new()
    {
        Name = "a10g",
        MemoryBytes = (long)(22.1 * GiB),
        MemoryBytesPerSecond = 600e9,
        Fp16FlopsPerSecond = 70e12,
        Fp32FlopsPerSecond = 35e12,
        Int8OpsPerSecond = 140e12,
        Architecture = "ampere",
        Multiprocessors = 80,
        L2CacheBytes = 6 * MiB,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA A10G datasheet as shipped in AWS G5; memory as reported, to 0.1 GiB",
    };

    public static readonly GpuSpec T4 = new()
    {
        Name = "t4",
        MemoryBytes = (long)(14.6 * GiB),
        MemoryBytesPerSecond = 320e9,
        Fp16FlopsPerSecond = 65e12,
        Fp32FlopsPerSecond = 8.1e12,
        Int8OpsPerSecond = 130e12,
        HasBf16 = false,
        Architecture = "turing",
        Multiprocessors = 40,
        L2CacheBytes = 4 * MiB,
        Interconnect = InterconnectCatalog.Pcie3,
        HostBytesPerSecond = 16e9,
        Source = "NVIDIA T4 datasheet and Turing white paper; memory as reported, to 0.2 GiB",
    };

    public static readonly GpuSpec Mi300X = new()
    {
        Name = "mi300x",
        MemoryBytes = 206_141_652_992,
        MemoryBytesPerSecond = 5300e9,
        Fp16FlopsPerSecond = 1307.4e12,
        Fp32FlopsPerSecond = 653.7e12,
        Fp8FlopsPerSecond = 2614.9e12,
        Int8OpsPerSecond = 2614.9e12,
        Architecture = "cdna3",
        Multiprocessors = 304,
        L2CacheBytes = 256 * MiB,
        Interconnect = InterconnectCatalog.InfinityFabric4,
        HostBytesPerSecond = 64e9,
        Source = "AMD Instinct MI300X data sheet; cache: the last level's; memory as rocm-smi reports it",
    };
}
