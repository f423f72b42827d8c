using System.Text.Json;
using LlmSim.Planning.Plans;
using LlmSim.Scenarios;
using LlmSim.Specs;

namespace LlmSim.Reporting.Plans;

/// <summary>A plan as JSON.</summary>
internal static class PlanJson
{
    /// <summary>Gives it as UTF-8.</summary>
    /// <param name="config">The scenario that it was made for.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="benchFile">File with the very requests, for the benchmark's line.</param>
    /// <param name="version">Version of the simulator.</param>
    public static byte[] ToUtf8(SimulatorConfig config, PlanResult plan, string benchFile, string version) => JsonText.ToUtf8(json =>
    {
        RunFiguresJson.WriteGoal(json, plan.Goal);
        json.WriteString("ranks_by", plan.RanksByCost ? "cost" : "gpus");
        json.WriteStartObject("deployments");
        json.WriteNumber("all", plan.Counts.All);
        json.WriteNumber("do_not_fit", plan.Counts.DoNotFit);
        json.WriteNumber("ruled_out", plan.Counts.RuledOut);
        json.WriteNumber("cut_short", plan.Counts.CutShort);
        json.WriteNumber("simulated", plan.Counts.Simulated);
        json.WriteEndObject();
        json.WriteStartArray("prices");
        foreach (GpuPrice price in plan.Prices.OfType<GpuPrice>())
        {
            json.WriteStartObject();
            json.WriteString("gpu", price.Gpu);
            json.WriteNumber("per_hour", price.PerHour);
            json.WriteString("currency", price.Currency);
            json.WriteString("source", price.Source);
            json.WriteString("date", price.Date);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (plan.Sureness is { } sure)
        {
            json.WriteStartObject("sureness");
            json.WriteNumber("draws", sure.Draws);
            json.WriteNumber("kept", sure.Kept);
            JsonText.WriteOptional(json, "capacity", sure.MostPerSecond);
            json.WriteEndObject();
        }

        WriteOutcomes(json, "front", plan.Front, plan, config.Model, benchFile);
        WriteOutcomes(json, "nearest_misses", plan.Nearest, plan, config.Model, benchFile);
        json.WritePropertyName("scenario");
        ScenarioJson.Write(json, config);
        json.WriteString("version", version);
    });

    private static void WriteOutcomes(
        Utf8JsonWriter json, string name, IReadOnlyList<PlanOutcome> outcomes, PlanResult plan, ModelSpec published, string benchFile)
    {
        json.WriteStartArray(name);
        foreach (PlanOutcome outcome in outcomes)
        {
            PlanCandidate one = outcome.Candidate;
            json.WriteStartObject();
            json.WriteString("gpu", one.Gpu.Name);
            json.WriteNumber("gpus", one.Gpus);
            json.WriteNumber("tensor_parallel", one.TensorParallel);
            json.WriteNumber("pipeline_parallel", one.PipelineParallel);
            json.WriteNumber("data_parallel", one.Replicas);
            json.WriteString("dtype", Words.Of(outcome.Config.Model.WeightType));
            json.WriteNumber("max_num_seqs", outcome.Statistics.Engine.MaxNumSeqs);
            json.WriteNumber("max_num_batched_tokens", outcome.Statistics.Engine.MaxNumBatchedTokens);
            json.WriteString("serve", string.Join(' ', VllmCommands.Serve(outcome, published)));
            json.WriteString("bench", string.Join(' ', VllmCommands.Bench(outcome, plan.Goal, benchFile)));
            RunFiguresJson.Write(json, outcome.Statistics, outcome.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
