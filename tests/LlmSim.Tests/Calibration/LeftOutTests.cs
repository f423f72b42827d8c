using LlmSim.Calibration;
using LlmSim.Calibration.Fitting;
using LlmSim.Catalog;
using LlmSim.Specs;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Calibration;

/// <summary>GPUs predicted from the profiles of others, by <c>llmsim calibrate --leave-one-gpu-out</c>.</summary>
public sealed class LeftOutTests
{
    private const string Head = "framework,version,gemm_dtype,m,n,k,latency\n";

    [Fact]
    public void A_GPU_is_predicted_from_the_other_and_from_itself()
    {
        // An H100 whose products take 10% longer than its profile says.
        using var tables = new MadeTables();
        WriteProducts(tables, "h100_sxm", 1.1);
        LeftOutFamily found = Assert.Single(LeftOutFamily.All(GpuTables.Find([tables.Path], "vllm", null)));
        Assert.Equal(("h100-80gb-sxm", "h200-141gb-sxm", "GEMM BF16", true), (found.Gpu, found.From, found.Family, found.IsSameArchitecture));
        Assert.Equal(Math.Log(1 / 1.1), found.Own!.Bias, 1e-6);
        Assert.Equal(1 - 1 / 1.1, found.Own.Mean, 1e-6);
        Assert.Equal(0, found.Own.GroupSpread, 1e-6);

        GpuSpec h100 = GpuCatalog.Get("h100");
        GemmCoefficients other = KernelProfiles.For(GpuCatalog.Get("h200")).GemmFor(DataType.Bf16)!;
        GemmCoefficients own = KernelProfiles.For(h100).GemmFor(DataType.Bf16)!;
        Assert.Equal(Shapes.Average(shape => Math.Log(Seconds(other, shape) / Seconds(own, shape) / 1.1)), found.Other.Bias, 1e-6);
    }

    [Fact]
    public void The_command_prints_each_GPU_and_a_sum_by_family()
    {
        using var tables = new MadeTables();
        WriteProducts(tables, "h100_sxm", 1);
        WriteProducts(tables, Path.Combine("more", "a100"), 1);
        string[] lines = Terminal.Print("calibrate", tables.Path, "--leave-one-gpu-out").Split('\n');
        Assert.StartsWith("GPU            from            family     rows  error  median", lines[0], StringComparison.Ordinal);
        Assert.Matches("^h100-80gb-sxm  h200-141gb-sxm  GEMM BF16    32 .* 0.0%      0.0%$", lines[1]);
        Assert.Matches("^a100-80gb-sxm  rtx-pro-6000 ", lines[2]);
        Assert.Contains(lines, line => line.StartsWith("GEMM BF16     1 ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_wrong_is_told_of_all_GPUs()
    {
        using var tables = new MadeTables();
        Assert.Equal("TABLES", Problem(Terminal.Problems("calibrate", tables.Path, "--leave-one-gpu-out")));
        Directory.CreateDirectory(Path.Combine(tables.Path, "h100"));
        Directory.CreateDirectory(Path.Combine(tables.Path, "a100"));
        Assert.Equal(2, Terminal.Problems("calibrate", tables.Path, "--leave-one-gpu-out").Length);
        tables.With("h100/gemm_perf.csv", Head + "VLLM,0.24.0,bfloat16,1,8192,8192,0.06\n").With("a100/gemm_perf.csv", Head + "VLLM,0.24.0,bfloat16,1,8192,8192,60\n");
        Assert.Equal(2, Terminal.Problems("calibrate", tables.Path, "--leave-one-gpu-out").Length);
        Assert.Equal("--gpu", Problem(Terminal.Problems("calibrate", tables.Path, "--leave-one-gpu-out", "--gpu", "h100")));
        Assert.Equal("--out", Problem(Terminal.Problems("calibrate", tables.Path)));
    }

    [Fact]
    public void Nothing_is_written_where_something_is_wrong()
    {
        using MadeTables tables = new MadeTables().WithGemm(unit: 1e-6);
        string path = Path.Combine(tables.Path, "profile.json");
        File.WriteAllText(path, "before");
        Assert.Equal("GEMM in Bf16", Problem(Terminal.Problems("calibrate", tables.Path, "--gpu", "h100", "--out", path)));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal(["gemm_perf.csv", "profile.json"], Directory.GetFiles(tables.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("--out", Problem(Terminal.Problems("calibrate", tables.Path, "--gpu", "h100", "--out", Path.Combine(tables.Path, "none", "profile.json"))));
    }

    [Fact]
    public void Without_a_name_each_GPU_found_gets_a_profile_or_none_does()
    {
        using MadeTables tables = new MadeTables().WithDecode();
        foreach (string gpu in new[] { "h100_sxm", "h200" })
        {
            Directory.CreateDirectory(Path.Combine(tables.Path, gpu));
            File.Copy(Path.Combine(tables.Path, "generation_attention_perf.csv"), Path.Combine(tables.Path, gpu, "generation_attention_perf.csv"));
        }

        string folder = Directory.CreateDirectory(Path.Combine(tables.Path, "out")).FullName;
        string[] lines = Terminal.Print("calibrate", tables.Path, "--out", folder).Split('\n');
        Assert.Contains("h100-80gb-sxm", lines);
        Assert.Equal(["h100-80gb-sxm.json", "h200-141gb-sxm.json"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string path = Path.Combine(tables.Path, "one.json");
        Terminal.Print("calibrate", Path.Combine(tables.Path, "h200"), "--gpu", "h200", "--out", path);
        Assert.Equal(File.ReadAllText(path), File.ReadAllText(Path.Combine(folder, "h200-141gb-sxm.json")));

        Array.ForEach(Directory.GetFiles(folder), File.Delete);
        tables.With("h100_sxm/gemm_perf.csv", Head + "VLLM,0.24.0,bfloat16,1,8192,8192,0.06\n");
        Assert.Equal("h100-80gb-sxm", Problem(Terminal.Problems("calibrate", tables.Path, "--out", folder)));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public void Errors_are_printed_by_part_of_the_shapes_too()
    {
        using MadeTables tables = new MadeTables().WithGemm().WithLayers(model: "qwen3-30b-a3b");
        string[] lines = Terminal.Print("calibrate", tables.Path, "--gpu", "h100", "--out", Path.Combine(tables.Path, "profile.json"), "--regions").Split('\n');
        Assert.Equal(
            ["m to 16", "m to 128", "m to 1024", "m to 8192", "m above 8192"],
            lines.SkipWhile(line => !line.Contains("unseen rows", StringComparison.Ordinal)).Skip(1).Take(5).Select(line => line[11..26].Trim()));
        Assert.Contains(lines, line => line.StartsWith("Not read: ", StringComparison.Ordinal) && line.Contains("qwen3-30b-a3b", StringComparison.Ordinal));
    }

    private static (int Rows, int Outer, int Inner)[] Shapes { get; } =
    [
        .. from outer in new[] { 4096, 28672 } from inner in new[] { 8192, 14336 } from rows in new[] { 1, 8, 64, 200, 512, 1000, 4096, 8192 } select (rows, outer, inner),
    ];

    private static string Problem(string[] problems) => Assert.Single(problems).Split(':')[0];

    private static double Seconds(GemmCoefficients gemm, (int Rows, int Outer, int Inner) shape, string gpu = "h100")
    {
        GpuSpec spec = GpuCatalog.Get(gpu);
        return gemm.Seconds(new GpuRates(spec.Fp16FlopsPerSecond, spec.MemoryBytesPerSecond, spec.Multiprocessors!.Value), shape.Rows, shape.Inner, shape.Outer,
            2.0 * shape.Inner * shape.Outer + 2.0 * shape.Rows * (shape.Inner + shape.Outer));
    }

    private static void WriteProducts(MadeTables tables, string folder, double slowness)
    {
        Directory.CreateDirectory(Path.Combine(tables.Path, folder));
        string gpu = Path.GetFileName(folder);
        GemmCoefficients own = KernelProfiles.For(GpuCatalog.Get(gpu)).GemmFor(DataType.Bf16)!;
        tables.With(Path.Combine(folder, "gemm_perf.csv"), Head + string.Concat(Shapes.Select(shape => FormattableString.Invariant(
            $"VLLM,0.24.0,bfloat16,{shape.Rows},{shape.Outer},{shape.Inner},{1e3 * slowness * Seconds(own, shape, gpu):R}\n"))));
    }
}
