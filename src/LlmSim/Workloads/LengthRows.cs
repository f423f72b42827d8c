namespace LlmSim.Workloads;

/// <summary>Lengths read from a file, row by row.</summary>
internal sealed class LengthRows
{
    /// <summary>Prompt lengths in tokens, or lengths where a file has only one kind. At least 1 each.</summary>
    public List<int> Inputs { get; } = [];

    /// <summary>Output lengths in tokens; empty where a file has only one kind.</summary>
    public List<int> Outputs { get; } = [];

    /// <summary>How often each is drawn, in proportion. Above 0.</summary>
    public List<double> Weights { get; } = [];

    /// <summary>Adds a row.</summary>
    public void Add(int input, int? output, double weight)
    {
        Inputs.Add(input);
        Weights.Add(weight);
        if (output is { } tokens)
        {
            Outputs.Add(tokens);
        }
    }
}
