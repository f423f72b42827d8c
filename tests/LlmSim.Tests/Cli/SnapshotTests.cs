namespace LlmSim.Tests.Cli;

/// <summary>What people see, kept as files: a change shows in review.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-run", "run", "--help")]
    [InlineData("help-sweep", "sweep", "--help")]
    [InlineData("help-capacity", "capacity", "--help")]
    [InlineData("help-plan", "plan", "--help")]
    [InlineData("help-conformance", "conformance", "-h")]
    [InlineData("help-compare", "compare", "--help")]
    [InlineData("models", "models")]
    [InlineData("models-l4", "models", "--gpu", "l4")]
    [InlineData("gpus", "gpus")]
    [InlineData("engines", "engines")]
    [InlineData("examples", "examples")]
    [InlineData("run-layout", "run", "--model", "llama-3.1-70b", "--gpu", "h100", "--tp", "4", "--pp", "2", "--dp", "2", "--router", "least_kv",
        "--request-rate", "10", "--max-model-len", "8192")]
    [InlineData("explain-pipeline", "explain", "--model", "llama-3.1-405b", "--gpu", "h100", "--tp", "8", "--pp", "4", "--batch", "16")]
    [InlineData("run", "run")]
    [InlineData("run-off", "run", "--uncertainty", "off")]
    [InlineData("run-measures", "run", "--request-rate", "8", "--goodput", "ttft:100", "tpot:16", "--price-per-gpu-hour", "2.5", "--metric-percentiles", "75,99.9")]
    [InlineData("run-overload", "run", "--request-rate", "40", "--input-len", "uniform:100..2000", "--seed", "7")]
    [InlineData("explain-decode", "explain", "--batch", "32", "--context", "1024")]
    [InlineData("explain-mixed", "explain", "--model", "llama-3.1-70b", "--gpu", "h100", "--tp", "4", "--batch", "16", "--chunk", "512")]
    [InlineData("check", "check", "--model", "llama-2-70b", "--gpu", "h100", "--tp", "8")]
    public void Prints_as_before(string name, params string[] args) => Snapshot.Check(name, Terminal.Print(args));

    [Fact]
    public void Without_a_command_it_prints_the_help() => Assert.Equal(Terminal.Print("--help"), Terminal.Print());

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-run", "run", "--help")]
    [InlineData("help-capacity", "capacity", "--help")]
    [InlineData("help-plan", "plan", "--help")]
    [InlineData("capacity", "capacity", "--slo=ttft.p99:500ms,tpot.p90:50ms", "--precision", "0.1")]
    [InlineData("plan", "plan", "--model", "llama-3.1-8b", "--gpus", "h100,l40s", "--max-gpus", "2", "--request-rate", "10", "--num-requests", "300", "--slo=ttft.p99:500ms")]
    [InlineData("run", "run")]
    public void Fits_80_columns(string name, params string[] args) =>
        Assert.All(Terminal.Print(args).Split('\n'), line => Assert.True(line.Length <= 80, $"{name}: {line}"));
}
