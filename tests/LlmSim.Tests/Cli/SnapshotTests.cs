namespace LlmSim.Tests.Cli;

/// <summary>What people see, kept as files: a change shows in review.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help-run", "run", "--help")]
    [InlineData("help-conformance", "conformance", "-h")]
    [InlineData("models", "models")]
    [InlineData("gpus", "gpus")]
    [InlineData("run", "run")]
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
    [InlineData("run", "run")]
    public void Fits_80_columns(string name, params string[] args) =>
        Assert.All(Terminal.Print(args).Split('\n'), line => Assert.True(line.Length <= 80, $"{name}: {line}"));
}
