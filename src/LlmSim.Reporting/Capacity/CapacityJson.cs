using LlmSim.Planning.Capacity;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Reporting.Capacity;

/// <summary>A capacity as JSON.</summary>
internal static class CapacityJson
{
    /// <summary>Gives it as UTF-8.</summary>
    /// <param name="config">The scenario.</param>
    /// <param name="result">The capacity.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(SimulatorConfig config, CapacityResult result, string version) => JsonText.ToUtf8(json =>
    {
        json.WriteNumber("capacity", result.RatePerSecond);
        json.WriteString("unit", result.Unit);
        json.WriteNumber("noise_ci95_half_width", result.Noise);
        JsonText.WriteOptional(json, "model_error_deviation", result.ModelError);
        UncertaintyJson.WriteInterval(json, "capacity", result.Interval);
        json.WriteBoolean("is_precise", result.IsPrecise);
        RunFiguresJson.WriteGoal(json, result.Goal);
        json.WriteString("gives_out", CapacityReport.Limit(result));
        json.WriteNumber("requests_per_run", result.Requests);
        json.WriteNumber("replications", result.Replications);
        json.WriteNumber("runs", result.Runs);
        json.WriteStartArray("curve");
        foreach (CapacityPoint point in result.Curve)
        {
            json.WriteStartObject();
            json.WriteNumber("rate", point.RatePerSecond);
            json.WriteNumber("share_of_capacity", point.Share);
            RunFiguresJson.Write(json, point.Statistics, point.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("scenario");
        ScenarioJson.Write(json, config);
        json.WriteString("version", version);
    });
}
