using LlmSim.Calibration;
using LlmSim.Catalog;
using LlmSim.Specs;
using LlmSim.Specs.Engines;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Calibration;

/// <summary>Users' profiles: of the GPU and engine simulated, or refused with the reason.</summary>
public sealed class ProfileFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmsim-profile-");

    private static readonly KernelProfile Own = KernelProfiles.For(GpuCatalog.Get("h100"));

    [Theory]
    [InlineData("vllm 0.24.0", "vllm", null)]
    [InlineData("vllm 0.19.2", "vllm", null)]
    [InlineData("vllm 0.15.3", "vllm@0.15.1", null)]
    [InlineData("in vLLM", "vllm@0.15.1", null)]
    [InlineData("vllm 0.24.0", "orca", null)]
    [InlineData("vllm 0.24.0", "vllm@0.15.1", "measured with vllm 0.24.0,")]
    [InlineData("vllm 0.14.0", "vllm", "measured with vllm 0.14.0,")]
    [InlineData("vllm 0.24.0", "sglang", "measured with vllm 0.24.0,")]
    [InlineData("sglang 0.5.6", "vllm", "measured with sglang 0.5.6,")]
    public void A_profile_is_of_the_engine_simulated(string measured, string engine, string? problem)
    {
        string path = Write(Own with { Measured = [measured] });
        Assert.Equal(problem is null ? [] : [("profile", $"{path}, {problem}")], Problems(path, engine: engine).Select(one => (one.Field, one.Value)));
        Assert.Equal(Own.Gpu, Read($"other:{path}", engine: engine).Gpu);
    }

    [Fact]
    public void A_profile_is_of_the_GPU_simulated()
    {
        string path = Write(Own);
        ConfigProblem problem = Assert.Single(Problems(path, gpu: "a100"));
        Assert.Equal($"profile: {path}, measured on h100-80gb-sxm, is not allowed (a profile of a100-80gb-sxm, the GPU simulated). "
            + $"Calibrate with tables of it, take auto, or write other:{path} to scale its times on purpose.", problem.ToString());
        Assert.Equal(2, Problems(path, gpu: "a100", engine: "sglang").Length);
        Assert.Contains("scaled from h100-80gb-sxm", Terminal.Print("explain", "--model", "llama-2-7b", "--gpu", "a100", "--profile", $"other:{path}"), StringComparison.Ordinal);
        Assert.Equal([problem.ToString()], Terminal.Problems("run", "--model", "llama-2-7b", "--gpu", "a100", "--profile", path));
    }

    [Fact]
    public void A_path_in_a_scenario_counts_from_the_files_place()
    {
        Write(Own);
        string scenario = Path.Combine(_folder.FullName, "scenario.yaml");
        File.WriteAllText(scenario, "model: llama-2-7b\ngpu: a100\nprofile: other:profile.json\n");
        Assert.Contains("scaled from h100-80gb-sxm", Terminal.Print("explain", scenario), StringComparison.Ordinal);
    }

    [Fact]
    public void A_GPU_of_a_measured_ones_name_with_other_rates_is_scaled() => Assert.StartsWith("scaled from", KernelProfiles.Describe(
        Own, GpuCatalog.Get("h100") with { MemoryBytesPerSecond = 2e12 }), StringComparison.Ordinal);

    [Fact]
    public void A_later_form_is_refused_whatever_else_it_holds()
    {
        string path = Path.Combine(_folder.FullName, "later.json");
        File.WriteAllText(path, $$"""{"future": [1], "schema": {{KernelProfile.NewestSchema + 1}}, "gpu": "h100-80gb-sxm"}""");
        Assert.Equal(($"{path}: schema", $"{KernelProfile.NewestSchema + 1}"), Assert.Single(Problems(path).Select(one => (one.Field, one.Value))));
        File.WriteAllText(path, """{"gpu": "h100-80gb-sxm"}""");
        Assert.Equal(($"{path}: schema", "none"), Assert.Single(Problems(path).Select(one => (one.Field, one.Value))));
        File.WriteAllText(path, "[1, 2");
        Assert.StartsWith("at $", Assert.Single(Problems(path)).Value, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Equal(("profile", path), Assert.Single(Problems(path).Select(one => (one.Field, one.Value))));
    }

    [Fact]
    public void Families_that_a_file_leaves_out_are_none()
    {
        string path = Path.Combine(_folder.FullName, "short.json");
        string sheet = """{"fp16_flops_per_second": 1e15, "memory_bytes_per_second": 3e12, "multiprocessors": 132, "l2_cache_bytes": 5e7, "link_bytes_per_second": 4e11, "link_latency_seconds": 1e-6}""";
        string experts = """{"type": "Bf16", "launch_seconds": 1e-5, "expert_seconds": 1e-7, "compute": 0.6, "untuned_compute": 0.5, "rows": 10, "memory": 0.9, "bytes": 1e6, "power": 2}""";
        File.WriteAllText(path, $$"""{"schema": 1, "gpu": "h100-80gb-sxm", "measured": ["vllm 0.24.0"], "sources": ["by hand"], "datasheet": {{sheet.Replace("5e7", "50000000", StringComparison.Ordinal)}}, "experts": [{{experts}}]}""");
        Terminal.Print("explain", "--model", "mixtral-8x7b", "--gpu", "h100", "--tp", "2", "--profile", path);
        KernelProfile profile = Read(path);
        Assert.Empty(profile.Gemm);
        Assert.Empty(Assert.Single(profile.Experts).Untuned);
    }

    [Fact]
    public void Figures_that_cannot_be_are_told_all_at_once()
    {
        string path = Write(Own with
        {
            Datasheet = Own.Datasheet with { Multiprocessors = 0 },
            Gemm = [Own.Gemm[0] with { LaunchSeconds = -1, Compute = [0.5, 0.5] }],
            Decode = [Own.Decode[0] with { Memory = 1.5, Power = 0.5 }],
            AllReduce = [Own.AllReduce[0] with { Bytes = [1, 2, 2], Seconds = [1, 1, 1] }],
        });
        Assert.Equal(
            ["datasheet: multiprocessors", "gemm Bf16", "gemm Bf16: compute", "decode grouped", "decode grouped: power", "all_reduce 2"],
            Problems($"other:{path}").Select(one => one.Field[(path.Length + 2)..]));
    }

    [Fact]
    public void Embedded_profiles_hold_figures_that_can_be() =>
        Assert.All(KernelProfiles.Gpus, name => Assert.Empty(ProfileFigures.Check(name, KernelProfiles.For(GpuCatalog.Get(name)))));

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(KernelProfile profile)
    {
        string path = Path.Combine(_folder.FullName, "profile.json");
        File.WriteAllText(path, KernelProfileJson.Write(profile));
        return path;
    }

    private static KernelProfile Read(string path, string gpu = "h100", string engine = "vllm") =>
        ProfileFile.Read(path, GpuCatalog.Get(gpu), EngineSpec.TryParse(engine, out EngineSpec? spec) ? spec : throw new ArgumentException(engine));

    private static ConfigProblem[] Problems(string path, string gpu = "h100", string engine = "vllm")
    {
        try
        {
            Read(path, gpu, engine);
            return [];
        }
        catch (ConfigException e)
        {
            return [.. e.Problems];
        }
    }
}
