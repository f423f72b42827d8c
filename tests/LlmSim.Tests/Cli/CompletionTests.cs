using System.Diagnostics;
using LlmSim.Catalog;
using LlmSim.Specs.Engines;

namespace LlmSim.Tests.Cli;

/// <summary>What shells offer behind the start of a command line.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim-completion-").FullName;

    [Fact]
    public void Names_are_those_of_the_catalogues()
    {
        Assert.Equal(ModelCatalog.All.Select(model => model.Name).Order(StringComparer.Ordinal), Offers("run --model ").Order(StringComparer.Ordinal));
        Assert.Equal(GpuCatalog.All.Select(gpu => gpu.Name).Order(StringComparer.Ordinal), Offers("check --gpu ").Order(StringComparer.Ordinal));
        Assert.Equal(Offers("check --gpu "), Offers("models --gpu "));
        Assert.Equal(Offers("check --gpu "), Offers("calibrate tables --gpu "));
        Assert.Equal(InterconnectCatalog.All.Select(link => link.Name).Order(StringComparer.Ordinal), Offers("run --interconnect ").Order(StringComparer.Ordinal));
        Assert.Equal(Offers("run --interconnect "), Offers("run --node-interconnect "));
        Assert.Equal(EngineFamilies.All.Select(family => family.Name).Order(StringComparer.Ordinal), Offers("run --engine ").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ru", "run")]
    [InlineData("run --max-num-s", "--max-num-seqs")]
    [InlineData("run --quiet --mod", "--model")]
    [InlineData("run --dtype ", "auto bf16 fp16 fp32 fp8 int4 int8 mxfp4")]
    [InlineData("run --gpu=h100 --kv-cache-dtype ", "auto bf16 fp16 fp32 fp8 int4 int8 mxfp4")]
    [InlineData("run --router ", "least_kv least_outstanding power_of_two round_robin")]
    [InlineData("run --tp 2 --policy ", "edf fair fcfs priority sjf")]
    [InlineData("run --schedule-policy l", "lof lpm")]
    [InlineData("run --batching ", "auto continuous dynamic static")]
    [InlineData("run --ramp-up-strategy ", "bursts diurnal exponential linear")]
    [InlineData("run --arrival p", "poisson")]
    [InlineData("run --clock ", "client engine")]
    [InlineData("run --sampling t", "top_k top_p")]
    [InlineData("run --profile ", "auto none")]
    [InlineData("run --uncertainty ", "fast full off")]
    [InlineData("validate folder --uncertainty f", "fast full off")]
    [InlineData("completion ", "bash fish pwsh zsh")]
    [InlineData("run --json ", "")]
    [InlineData("run --trace ", "")]
    [InlineData("run --num-requests ", "")]
    public void Offers_what_may_follow(string line, string expected) =>
        Assert.Equal(expected, string.Join(' ', Offers(line).Where(word => line.Split(' ')[^1].StartsWith('-') || !word.StartsWith('-'))));

    [Fact]
    public void Every_word_on_offer_is_accepted()
    {
        foreach (string flag in Offers("check --"))
        {
            foreach (string word in Offers($"check {flag} ").Where(word => !word.StartsWith('-')))
            {
                string[] problems = Terminal.Run("check", flag, word).Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.DoesNotContain(problems, problem => problem.Contains("known names", StringComparison.Ordinal)
                    || problem.Contains("Choose one of these", StringComparison.Ordinal) || problem.Contains("internal fault", StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData("bash", """
        COMP_LINE="$1" COMP_POINT=${#1} COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _llmsim; printf '%s\n' "${COMPREPLY[@]}"
        """)]
    [InlineData("zsh", """
        words=("${(@s: :)1}"); CURRENT=${#words}; PREFIX=$words[CURRENT]
        compset() { PREFIX=${PREFIX#*=} }
        compadd() { for word in $found; [[ $word == $PREFIX* ]] && print -r -- $word }
        _files() { }
        _llmsim
        """)]
    [InlineData("fish", "complete -C $argv[1] | string replace -r '^--[a-z]+=' ''")]
    [InlineData("pwsh", "([System.Management.Automation.CommandCompletion]::CompleteInput($args[0], $args[0].Length, $null)).CompletionMatches.ListItemText")]
    public void Its_script_works_in(string shell, string ask)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Find(shell) is null, $"no {shell} on the path");
        string script = Path.Combine(_folder, shell == "pwsh" ? "ask.ps1" : "ask");
        File.WriteAllText(script, Terminal.Print("completion", shell) + ask);
        string command = Path.Combine(_folder, "llmsim");
        File.WriteAllText(command, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "LlmSim.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(["--model"], Ask(shell, script, "llmsim run --quiet --mod"));
        Assert.Equal(["llama-3.1-405b", "llama-3.1-70b", "llama-3.1-8b"], Ask(shell, script, "llmsim run --model llama-3.1-"));
        Assert.Equal(["power_of_two"], Ask(shell, script, "llmsim run --gpu h100 --router=po"));
        Assert.Equal(Offers("c").Where(word => word.StartsWith('c')).Order(StringComparer.Ordinal), Ask(shell, script, "llmsim c"));
    }

    [Fact]
    public void Other_shells_are_refused()
    {
        Assert.Equal(["SHELL: bsh is not allowed (bash, zsh, fish, pwsh). Did you mean bash?"], Terminal.Problems("completion", "bsh"));
        Assert.Contains("SHELL: nothing is not allowed", Assert.Single(Terminal.Problems("completion")), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Offers(string line) =>
        Terminal.Print($"[suggest:{line.Length}]", line).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Find(string shell) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, shell)).FirstOrDefault(File.Exists);

    private string[] Ask(string shell, string script, string line)
    {
        var start = new ProcessStartInfo(Find(shell)!, [.. shell == "pwsh" ? new[] { "-NoProfile", "-File" } : [], script, line])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{_folder}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return [.. output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }
}
