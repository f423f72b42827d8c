namespace LlmSim.Cli;

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A recorded schedule was not reproduced.</summary>
    public const int Different = 1;

    /// <summary>A flag, a file or a scenario is not usable.</summary>
    public const int BadInput = 2;

    /// <summary>No configuration meets the objectives.</summary>
    public const int Unmeetable = 3;

    /// <summary>A fault of llmsim itself (EX_SOFTWARE).</summary>
    public const int InternalFault = 70;

    /// <summary>Ended by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;
}
