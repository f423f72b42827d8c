using System.Text;
using LlmSim.Reporting;
using LlmSim.Specs;

namespace LlmSim.Tests.Reporting;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmsim").FullName;

    private string Target => Path.Combine(_folder, "result.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Appears_whole_when_committed()
    {
        using (AtomicFile file = AtomicFile.Create(Target, "--json"))
        {
            file.Write("one "u8);
            file.Write("two"u8);
            Assert.False(File.Exists(Target));
            file.Commit();
        }

        Assert.Equal("one two", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Leaves_the_old_file_and_nothing_else_when_abandoned()
    {
        File.WriteAllText(Target, "old");
        using (AtomicFile file = AtomicFile.Create(Target, "--json"))
        {
            file.Write("half"u8);
        }

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Replaces_the_old_file()
    {
        File.WriteAllText(Target, "old and longer");
        AtomicFile.WriteAll(Target, "--json", "new"u8);
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void Follows_a_symbolic_link()
    {
        string link = Path.Combine(_folder, "link.json");
        File.WriteAllText(Target, "old");
        File.CreateSymbolicLink(link, Target);
        AtomicFile.WriteAll(link, "--json", "new"u8);
        Assert.Equal("new", File.ReadAllText(Target));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void Writes_into_a_device_instead_of_replacing_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no /dev/null");
        AtomicFile.WriteAll("/dev/null", "--json", Encoding.UTF8.GetBytes("gone"));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
        Assert.Equal("", File.ReadAllText("/dev/null"));
    }

    [Theory]
    [InlineData("missing/result.json", "its folder does not exist")]
    [InlineData("", "it is a directory")]
    public void Says_why_a_path_cannot_be_written(string path, string reason)
    {
        var exception = Assert.Throws<ConfigException>(() => AtomicFile.Create(Path.Combine(_folder, path), "--json"));
        ConfigProblem problem = Assert.Single(exception.Problems);
        Assert.Equal("--json", problem.Field);
        Assert.Contains(reason, problem.Allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_an_empty_path()
    {
        var exception = Assert.Throws<ConfigException>(() => AtomicFile.Create("", "--json"));
        Assert.Equal("an empty path", Assert.Single(exception.Problems).Value);
    }
}
