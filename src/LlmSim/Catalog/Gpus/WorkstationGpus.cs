using LlmSim.Specs;

namespace LlmSim.Catalog.Gpus;

/// <summary>GPUs of desktops and workstations. Rates are those with FP32 accumulation.</summary>
internal static class WorkstationGpus
{
    private const double GiB = 1L << 30;
    private const long MiB = 1L << 20;

    public static readonly GpuSpec Rtx3090 = new()
    {
        Name = "rtx-3090",
        MemoryBytes = (long)(23.6 * GiB),
        MemoryBytesPerSecond = 936e9,
        Fp16FlopsPerSecond = 71e12,
        Fp32FlopsPerSecond = 35.6e12,
        Int8OpsPerSecond = 284e12,
        Architecture = "ampere",
        Multiprocessors = 82,
        L2CacheBytes = 6 * MiB,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA Ampere GA102 white paper; memory as reported, to 0.1 GiB; no NVLink bridge",
    };

    public static readonly GpuSpec Rtx4090 = new()
    {
        Name = "rtx-4090",
        MemoryBytes = (long)(23.64 * GiB),
        MemoryBytesPerSecond = 1008e9,
        Fp16FlopsPerSecond = 165.2e12,
        Fp32FlopsPerSecond = 82.6e12,
        Fp8FlopsPerSecond = 330.3e12,
        Int8OpsPerSecond = 660.6e12,
        Architecture = "ada",
        Multiprocessors = 128,
        L2CacheBytes = 72 * MiB,
        Interconnect = InterconnectCatalog.Pcie4,
        Source = "NVIDIA Ada white paper (FP32 accumulation); memory as PyTorch reports it in out-of-memory messages",
    };

    public static readonly GpuSpec Rtx5090 = new()
    {
        Name = "rtx-5090",
        MemoryBytes = (long)(31.36 * GiB),
        MemoryBytesPerSecond = 1792e9,
        Fp16FlopsPerSecond = 209.5e12,
        Fp32FlopsPerSecond = 104.8e12,
        Fp8FlopsPerSecond = 419e12,
        Int8OpsPerSecond = 838e12,
        Architecture = "blackwell-rtx",
        Multiprocessors = 170,
        L2CacheBytes = 96 * MiB,
        Interconnect = InterconnectCatalog.Pcie5,
        HostBytesPerSecond = 64e9,
        Source = "NVIDIA RTX Blackwell white paper; memory as PyTorch reports it in out-of-memory messages",
    };

    public static readonly GpuSpec RtxPro6000 = new()
    {
        Name = "rtx-pro-6000",
        MemoryBytes = (long)(94.97 * GiB),
        MemoryBytesPerSecond = 1792e9,
        Fp16FlopsPerSecond = 503.8e12,
        Fp32FlopsPerSecond = 251.9e12,
        Fp8FlopsPerSecond = 1007.6e12,
        Int8OpsPerSecond = 1007.6e12,
        Architecture = "blackwell-rtx",
        Multiprocessors = 188,
        L2CacheBytes = 128 * MiB,
        Interconnect = InterconnectCatalog.Pcie5,
        HostBytesPerSecond = 64e9,
        Source = "NVIDIA RTX PRO 6000 Blackwell datasheet: an eighth of its 4,030 FP4 TOPS with sparsity, TF32 half of that (the "
            + "server edition clocks 7% lower); memory as reported, to 0.3 GiB",
    };
}
