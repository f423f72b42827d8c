using LlmSim.Reporting;

namespace LlmSim.Tests.Api;

/// <summary>
/// What users of the libraries can reach stands in <c>Api/PublicApi.txt</c>: a change shows in review. LLMSIM_UPDATE_SNAPSHOTS=1
/// writes the file.
/// </summary>
public sealed class PublicApiTests
{
    [Fact]
    public void Is_as_reviewed()
    {
        string path = Checkout.At("tests", "LlmSim.Tests", "Api", "PublicApi.txt");
        string[] members = [.. PublicApi.Of(typeof(LlmInferenceSimulator).Assembly), .. PublicApi.Of(typeof(ResultJson).Assembly)];
        if (Checkout.UpdatesSnapshots)
        {
            File.WriteAllText(path, string.Join('\n', members) + "\n");
            return;
        }

        string[] reviewed = File.ReadAllLines(path);
        string[] differences =
        [
            .. members.Except(reviewed, StringComparer.Ordinal).Select(member => $"new:  {member}"),
            .. reviewed.Except(members, StringComparer.Ordinal).Select(member => $"gone: {member}"),
        ];
        Assert.True(differences.Length == 0,
            $"The public API has changed; LLMSIM_UPDATE_SNAPSHOTS=1 writes {path}.\n{string.Join('\n', differences)}");
    }
}
