using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>Requests whose prompts begin with one of some prefixes, on top of their own tokens.</summary>
/// <param name="inner">The requests without.</param>
/// <param name="prefixes">The prefixes.</param>
/// <param name="choice">Chooses one by number from 1; null for the only one.</param>
internal sealed class PrefixedRequests(RequestShaper inner, SharedPrefixes prefixes, LengthSampler? choice) : RequestShaper
{
    /// <inheritdoc />
    public override ArrivingRequest Next(SimTime arrival)
    {
        ArrivingRequest request = inner.Next(arrival);
        return request with
        {
            InputTokens = (int)Math.Min((long)request.InputTokens + prefixes.Tokens, int.MaxValue),
            Content = prefixes[choice is null ? 0 : choice.Next() - 1],
        };
    }
}
