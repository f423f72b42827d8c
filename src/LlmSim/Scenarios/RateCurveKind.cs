using System.Text.Json;
using LlmSim.Specs;

namespace LlmSim.Scenarios;

/// <summary>
/// Rate curves: <c>linear:start=1,end=10</c>, <c>diurnal:amplitude=0.5,period=86400</c>, <c>bursts:on=10,off=50</c>, or an
/// object with the same words as keys.
/// </summary>
internal sealed class RateCurveKind : ValueKind<RateCurveSpec>
{
    private const string Allowed = "linear:start=RATE,end=RATE, exponential:start=RATE,end=RATE, "
        + "diurnal:amplitude=SHARE,period=SECONDS or bursts:on=SECONDS,off=SECONDS[,periods=fixed]";

    private static readonly ObjectKind<RateCurveSpec> Keys = new(blank: () => new RateCurveSpec())
    {
        { "curve", Kinds.RateCurve, c => c.Curve, (c, v) => c with { Curve = v }, true },
        { "start", Kinds.Double, c => c.StartRatePerSecond, (c, v) => c with { StartRatePerSecond = v }, false, c => c.IsRamp },
        { "end", Kinds.Double, c => c.EndRatePerSecond, (c, v) => c with { EndRatePerSecond = v }, false, c => c.IsRamp },
        { "amplitude", Kinds.Double, c => c.Amplitude, (c, v) => c with { Amplitude = v }, false, c => c.Curve == RateCurve.Diurnal },
        { "period", Kinds.Double, c => c.PeriodSeconds, (c, v) => c with { PeriodSeconds = v }, false, c => c.Curve == RateCurve.Diurnal },
        { "on", Kinds.Double, c => c.OnSeconds, (c, v) => c with { OnSeconds = v }, false, c => c.Curve == RateCurve.Bursts },
        { "off", Kinds.Double, c => c.OffSeconds, (c, v) => c with { OffSeconds = v }, false, c => c.Curve == RateCurve.Bursts },
        { "periods", Kinds.BurstPeriods, c => c.Periods, (c, v) => c with { Periods = v }, false, c => c.Curve == RateCurve.Bursts },
    };

    public override RateCurveSpec Read(ScenarioNode node, string field, RateCurveSpec current, List<ConfigProblem> problems)
    {
        ScenarioNode? parts = node.IsObject ? node : LawText.Split(node, "curve");
        if (parts is not null)
        {
            return Keys.Read(parts, field, current, problems);
        }

        problems.Add(new ConfigProblem(field, node.Describe(), Allowed, "Write it in one of these forms."));
        return current;
    }

    public override IEnumerable<string> Words(string path) => Keys.Words(path);

    public override void Write(Utf8JsonWriter writer, RateCurveSpec value) => Keys.Write(writer, value);

    public override bool HasKey(string name) => Keys.HasKey(name);
}
