namespace LlmSim.Specs;

/// <summary>One thing wrong with what the user gave.</summary>
/// <param name="Field">The field, as written in files, for example <c>scheduler.max_num_seqs</c>.</param>
/// <param name="Value">The value found.</param>
/// <param name="Allowed">What is allowed.</param>
/// <param name="Fix">What to do.</param>
public sealed record ConfigProblem(string Field, string Value, string Allowed, string Fix)
{
    /// <summary>The problem as one line.</summary>
    public override string ToString() => $"{Field}: {Value} is not allowed ({Allowed}). {Fix}";
}
