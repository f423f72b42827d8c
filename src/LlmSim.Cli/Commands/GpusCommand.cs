using System.CommandLine;
using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Cli.Output;
using LlmSim.Specs;

namespace LlmSim.Cli.Commands;

/// <summary><c>llmsim gpus</c>: prints the GPUs known by name.</summary>
internal sealed class GpusCommand : Command
{
    public GpusCommand(TextWriter output) : base("gpus", "List the GPUs known by name.") => SetAction(_ =>
    {
        var table = Screen.Table("GPU", ">GiB", ">GB/s", ">FP16", ">FP8", ">INT8", "link", ">GB/s each way", "kernels as");
        foreach (GpuSpec gpu in GpuCatalog.All)
        {
            table.Add(gpu.Name, $"{gpu.MemoryBytes / (double)(1L << 30):0.0}", $"{gpu.MemoryBytesPerSecond / 1e9:0}",
                Tera(gpu.Fp16FlopsPerSecond), Tera(gpu.Fp8FlopsPerSecond), Tera(gpu.Int8OpsPerSecond),
                gpu.Interconnect.Name, $"{gpu.Interconnect.BytesPerSecond / 1e9:0}",
                KernelProfiles.For(gpu).Gpu);
        }

        Screen.Write(output, table);
        output.WriteLine("Memory as frameworks see it; FP16, FP8 and INT8 in dense TFLOP/s or TOP/s. Kernels are those measured on the GPU named.");
        Sources.Write(output, GpuCatalog.All.Select(gpu => (gpu.Name, gpu.Source)));
    });

    private static string Tera(double? perSecond) => perSecond is { } rate ? $"{rate / 1e12:0.#}" : "-";
}
