using LlmSim.Cli;

namespace LlmSim.Tests.Cli;

/// <summary>Runs a command line in this process and keeps what it prints.</summary>
internal sealed record Terminal(int ExitCode, string Output, string Errors)
{
    public static Terminal Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        int exitCode = LlmSimCommand.Run(args, output, errors);
        return new Terminal(exitCode, output.ToString(), errors.ToString());
    }

    /// <summary>What a command prints, which must succeed without a word on the error stream.</summary>
    public static string Print(params string[] args)
    {
        Terminal terminal = Run(args);
        Assert.Equal((0, ""), (terminal.ExitCode, terminal.Errors));
        return terminal.Output;
    }

    /// <summary>The problems of a command line, which must be refused without printing a result.</summary>
    public static string[] Problems(params string[] args)
    {
        Terminal terminal = Run(args);
        Assert.Equal((2, ""), (terminal.ExitCode, terminal.Output));
        return [.. terminal.Errors.TrimEnd('\n').Split('\n').Select(line => line["llmsim: ".Length..])];
    }
}
