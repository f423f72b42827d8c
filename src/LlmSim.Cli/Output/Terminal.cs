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
}
