using System.Text;
using System.Text.RegularExpressions;
using LlmSim.Cli.Scenarios;
using LlmSim.Planning.Sweeps;
using LlmSim.Scenarios;
using LlmSim.Tests.Cli;

namespace LlmSim.Tests.Docs;

/// <summary>
/// What README and docs show is true: commands are run and print what stands below them, C# is compiled, scenarios are valid,
/// links lead somewhere. LLMSIM_UPDATE_SNAPSHOTS=1 writes what commands print into the texts instead.
/// </summary>
public sealed partial class DocsTests : IDisposable
{
    // Where commands write what later ones read.
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-docs-").FullName;

    private static readonly string Root = Checkout.Root;
    private static readonly string[] Prefixes = ["dotnet run -c Release --project src/LlmSim.Cli -- ", "bin/llmsim ", "llmsim "];

    public static TheoryData<string> Pages { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Root, "README.md")).Select(path => Path.GetRelativePath(Root, path))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_print_what_stands_below_them(string page)
    {
        string text = Read(page);
        string updated = ConsoleBlock().Replace(text, block => $"```console\n{RunAll(block.Groups[1].Value)}```");
        if (Checkout.UpdatesSnapshots)
        {
            File.WriteAllText(Path.Combine(Root, page), updated);
            return;
        }

        Assert.Equal(updated, text);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void CSharp_is_compiled(string page)
    {
        string[] sources = [.. new[] { "tests/LlmSim.Tests/Docs", "samples" }.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)).Select(path => Flat(File.ReadAllText(path)))];
        Assert.All(Blocks(page, "csharp"), code => Assert.Contains(sources, source => source.Contains(Flat(code), StringComparison.Ordinal)));
    }

    [Fact]
    public void A_user_of_the_package_runs_the_readmes_csharp()
    {
        string[] sources = [.. Directory.GetFiles(Checkout.At("tests", "Consumer"), "*.cs").Select(path => Flat(File.ReadAllText(path)))];
        Assert.All(Blocks("README.md", "csharp"), code => Assert.Contains(sources, source => source.Contains(Flat(code), StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_added_takes_less_than_40_lines() =>
        Assert.All(Blocks("docs/extending.md", "csharp"), code => Assert.InRange(code.Split('\n').Length, 1, 39));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Scenarios_are_valid(string page) =>
        Assert.All(Blocks(page, "yaml"), yaml =>
        {
            ScenarioNode node = YamlNodes.Parse(yaml, Path.Combine(Root, "scenario.yaml"));
            if (node["axes"] is null)
            {
                ScenarioReader.Read(node);
            }
            else
            {
                SweepCheck.Check(SweepFile.Read(node, ScenarioNode.Object(ScenarioOrigin.Flag("")), ScenarioOptions.ReadFile));
            }
        });

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, page))!;
        Assert.All(Link().Matches(Read(page)).Select(match => match.Groups[1].Value).Where(link => !link.StartsWith("http", StringComparison.Ordinal)),
            link => Assert.True(Path.Exists(Path.Combine(folder, link.Split('#')[0])), $"{page}: {link}"));
    }

    /// <summary>A block of commands with what they print; those of other programs, and those shown without output, stay as they are.</summary>
    private string RunAll(string block)
    {
        var result = new StringBuilder();
        foreach (string[] lines in Split(block))
        {
            result.Append(lines[0]).Append('\n');
            string command = lines[0][2..];
            string? prefix = Prefixes.FirstOrDefault(prefix => command.StartsWith(prefix, StringComparison.Ordinal));
            if (prefix is null)
            {
                result.AppendJoin("", lines[1..].Select(line => $"{line}\n"));
            }
            else if (Print(command[prefix.Length..].Split(' ')) is { } output && lines.Length > 1)
            {
                result.Append(output.TrimEnd('\n')).Append('\n');
            }
        }

        return result.ToString();
    }

    /// <summary>Each command with the lines below it.</summary>
    private static IEnumerable<string[]> Split(string block)
    {
        var lines = new List<string>();
        foreach (string line in block.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal) && lines.Count > 0)
            {
                yield return [.. lines];
                lines.Clear();
            }

            lines.Add(line);
        }

        yield return [.. lines];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What a command prints; files it reads count from the root or are those that others wrote, and files it writes are left out.</summary>
    private string Print(string[] args)
    {
        for (int i = 1; i < args.Length; i++)
        {
            args[i] = args[i - 1] is "--out" || File.Exists(Path.Combine(_folder, args[i])) ? Path.Combine(_folder, args[i])
                : args[i - 1] is "--json" or "--requests" or "--events" or "--timeline" or "--report" or "--bench-trace" ? "/dev/null"
                : args[i].StartsWith("samples/", StringComparison.Ordinal) ? Path.Combine(Root, args[i]) : args[i];
        }

        Terminal terminal = Terminal.Run(args);
        Assert.True(terminal.ExitCode is 0 or 2, $"{string.Join(' ', args)}: {terminal.Errors}");
        return terminal.Output + terminal.Errors;
    }

    private static IEnumerable<string> Blocks(string page, string language) =>
        CodeBlock().Matches(Read(page)).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    /// <summary>Code without indentation, so that it may stand deeper in a file than in a text.</summary>
    private static string Flat(string code) => string.Join('\n', code.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.Trim()));

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    [GeneratedRegex("```console\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ConsoleBlock();

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#][^)]*)\)")]
    private static partial Regex Link();
}
