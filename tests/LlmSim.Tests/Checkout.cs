namespace LlmSim.Tests;

/// <summary>The checkout that the tests run in: some of them look at files that are not built.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static bool UpdatesSnapshots => Environment.GetEnvironmentVariable("LLMSIM_UPDATE_SNAPSHOTS") == "1";

    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LlmSim.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests run inside a checkout, whose files they check.");
    }
}
