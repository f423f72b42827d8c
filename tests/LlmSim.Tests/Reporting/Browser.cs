using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LlmSim.Tests.Reporting;

/// <summary>A headless Chromium, if there is one, to see what becomes of a page.</summary>
internal static partial class Browser
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>A page after its scripts have run.</summary>
    /// <param name="Dom">Its document.</param>
    /// <param name="Console">What was written to the console, errors included.</param>
    public sealed record Page(string Dom, IReadOnlyList<string> Console)
    {
        /// <summary>How many points each series of each chart has.</summary>
        public IReadOnlyList<string> Points => [.. PointsAttribute().Matches(Dom).Select(match => match.Groups[1].Value)];
    }

    /// <summary>Opens a file; skips the test where there is no browser.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dark">Whether the reader likes it dark.</param>
    public static Page Open(string path, bool dark)
    {
        string? browser = Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(browser is null, $"no browser at {string.Join(", ", Places)}: install chromium to have reports opened");
        string profile = Directory.CreateTempSubdirectory("llmsim-browser-").FullName;
        try
        {
            using var process = Process.Start(new ProcessStartInfo(browser!)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={profile}",
                    "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=5000",
                    $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", "--dump-dom", new Uri(Path.GetFullPath(path)).AbsoluteUri,
                },
            })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string dom = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Page(dom, [.. errors.Result.Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal))]);
        }
        finally
        {
            Delete(profile);
        }
    }

    // The browser's children may still write there for a moment.
    private static void Delete(string profile)
    {
        for (int i = 0; i < 50; i++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
                return;
            }
            catch (IOException)
            {
                Thread.Sleep(100);
            }
        }
    }

    [GeneratedRegex("""<figure[^>]* data-points="([^"]*)">""")]
    private static partial Regex PointsAttribute();
}
