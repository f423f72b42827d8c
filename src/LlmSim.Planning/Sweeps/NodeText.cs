using LlmSim.Scenarios;

namespace LlmSim.Planning.Sweeps;

/// <summary>Values of axes as one line of text.</summary>
internal static class NodeText
{
    /// <summary>A word as it is; objects and lists as YAML has them in one line.</summary>
    public static string Of(ScenarioNode node) =>
        node.IsObject ? $"{{{string.Join(", ", node.Children.Select(child => $"{child.Key}: {Of(child.Value)}"))}}}"
        : node.IsList ? $"[{string.Join(", ", node.Items.Select(Of))}]"
        : node.Text ?? "null";
}
