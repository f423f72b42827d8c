namespace LlmSim.Scenarios;

/// <summary>Laws in one word, such as <c>uniform:128..1024</c> or <c>lognormal:mean=512,sigma=0.8</c>.</summary>
internal static class LawText
{
    /// <summary>The object that says the same with keys; null when the word has another form.</summary>
    /// <param name="node">The word.</param>
    /// <param name="lawKey">The key for what stands before the colon.</param>
    public static ScenarioNode? Split(ScenarioNode node, string lawKey)
    {
        int colon = node.Text?.IndexOf(':') ?? -1;
        if (colon < 0)
        {
            return null;
        }

        ScenarioNode parts = node.AsObject();
        parts.Set(lawKey, node.WithText(node.Text![..colon]));
        foreach (string part in node.Text[(colon + 1)..].Split(','))
        {
            string[] range = part.Split(".."), pair = part.Split('=');
            if (range.Length == 2)
            {
                parts.Set("min", node.WithText(range[0].Trim()));
                parts.Set("max", node.WithText(range[1].Trim()));
            }
            else if (pair.Length == 2)
            {
                parts.Set(pair[0].Trim(), node.WithText(pair[1].Trim()));
            }
            else
            {
                return null;
            }
        }

        return parts;
    }
}
