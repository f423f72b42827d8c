using Spectre.Console;

namespace LlmSim.Cli.Output;

/// <summary>The terminal that results are printed on, if it is one.</summary>
internal static class Terminal
{
    /// <summary>Columns of the terminal; 0 when the output is none.</summary>
    public static int Columns(TextWriter output)
    {
        if (output != Console.Out || Console.IsOutputRedirected)
        {
            return 0;
        }

        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Whether the output is a terminal that shows colours and whose user has not asked for none (<c>NO_COLOR</c>).</summary>
    public static bool HasColours(TextWriter output) => output == Console.Out && !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
        && AnsiConsole.Create(new AnsiConsoleSettings()).Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
}
