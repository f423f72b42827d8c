namespace LlmSim.Specs;

/// <summary>Collects problems; each method adds one when its value is out of range.</summary>
internal sealed class ProblemList
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>The problems so far.</summary>
    public List<ConfigProblem> Problems => _problems;

    /// <summary>A condition that must hold.</summary>
    public void Require(bool holds, string field, object? value, string allowed, string fix)
    {
        if (!holds)
        {
            _problems.Add(new ConfigProblem(field, $"{value}", allowed, fix));
        }
    }

    /// <summary>A whole number with a least value.</summary>
    public void AtLeast(long least, string field, long? value, string fix) =>
        Require(value is null || value >= least, field, value, $"at least {least}", fix);

    /// <summary>A rate or size.</summary>
    public void Positive(string field, double? value, string fix) =>
        Require(value is null or (> 0 and < double.PositiveInfinity), field, value, "a finite number above 0", fix);

    /// <summary>A time that may be nothing.</summary>
    public void NotNegative(string field, double value, string fix) =>
        Require(value is >= 0 and < double.PositiveInfinity, field, value, "a finite number, at least 0", fix);

    /// <summary>A member of an enumeration.</summary>
    public void Known<T>(string field, T value)
        where T : struct, Enum =>
        Require(Enum.IsDefined(value), field, value, string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant(), "Choose one of these.");
}
