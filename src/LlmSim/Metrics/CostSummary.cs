namespace LlmSim.Metrics;

/// <summary>What serving costs, in the currency of the price that was given.</summary>
/// <param name="PerHour">All GPUs for an hour.</param>
/// <param name="PerMillionOutputTokens">A million generated tokens of completed requests, prompts thrown in; null when there are none.</param>
/// <param name="PerMillionTotalTokens">A million prompt and generated tokens; null when there are none.</param>
public sealed record CostSummary(double PerHour, double? PerMillionOutputTokens, double? PerMillionTotalTokens)
{
    internal static CostSummary? Of(double? pricePerHour, double seconds, long outputTokens, long totalTokens) =>
        pricePerHour is not { } price ? null : new CostSummary(
            price, PerMillion(price, seconds, outputTokens), PerMillion(price, seconds, totalTokens));

    private static double? PerMillion(double price, double seconds, long tokens) =>
        tokens > 0 ? price * (seconds / 3600) / (tokens / 1e6) : null;
}
