using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>
/// Lengths: <c>512</c>, <c>uniform:128..1024</c>, <c>lognormal:mean=512,sigma=0.8</c>, <c>empirical:FILE</c>, or an object with the
/// same words as keys.
/// </summary>
internal sealed class LengthKind : ValueKind<LengthSpec>
{
    private const string Allowed = "a number of tokens, uniform:LEAST..MOST, lognormal:mean=M,sigma=S, normal:mean=M,sigma=S, "
        + "exponential:mean=M, zipf:shape=S, pareto:shape=S,min=LEAST (each perhaps with min=LEAST,max=MOST) or empirical:FILE";

    private const string Empirical = "empirical:";

    private static readonly ObjectKind<LengthSpec> Keys = new(blank: () => new LengthSpec())
    {
        { "distribution", Kinds.LengthDistribution, l => l.Distribution, (l, v) => l with { Distribution = v }, true },
        { "mean", Kinds.Double, l => l.Mean, (l, v) => l with { Mean = v }, false, l => l.HasMean },
        { "sigma", Kinds.Double, l => l.Sigma, (l, v) => l with { Sigma = v }, false, l => l.HasSigma },
        { "shape", Kinds.Double, l => l.Shape, (l, v) => l with { Shape = v }, false, l => l.HasShape },
        { "path", Kinds.Path, l => l.Path, (l, v) => l with { Path = v }, false, l => l.Distribution == LengthDistribution.Empirical },
        { "min", Kinds.Int, l => l.Min, (l, v) => l with { Min = v }, false, l => l.Distribution != LengthDistribution.Fixed },
        { "max", Kinds.Int, l => l.Max, (l, v) => l with { Max = v }, false, l => l.Distribution != LengthDistribution.Fixed },
    };

    public override LengthSpec Read(ScenarioNode node, string field, LengthSpec current, List<ConfigProblem> problems)
    {
        if (node.Text is { } text && !node.IsQuoted && Kinds.TryParseDouble(text, out double tokens))
        {
            return new LengthSpec { Mean = tokens };
        }

        // A path may hold whatever the other forms are split at.
        if (node.Text is { } file && file.StartsWith(Empirical, StringComparison.OrdinalIgnoreCase))
        {
            return LengthSpec.Empirical(node.ResolvePath(file[Empirical.Length..].Trim()));
        }

        ScenarioNode? parts = node.IsObject ? node : LawText.Split(node, "distribution");
        if (parts is null)
        {
            problems.Add(new ConfigProblem(field, node.Describe(), Allowed, "Write it in one of these forms."));
            return current;
        }

        int before = problems.Count;
        LengthSpec length = Keys.Read(parts, field, current, problems);
        return problems.Count > before ? current
            : length.Distribution == LengthDistribution.Uniform ? LengthSpec.Uniform(length.Min, length.Max)
            : length;
    }

    public override void Write(Utf8JsonWriter writer, LengthSpec value)
    {
        if (value.Distribution == LengthDistribution.Fixed)
        {
            writer.WriteNumberValue(value.Mean);
        }
        else
        {
            Keys.Write(writer, value);
        }
    }
}
