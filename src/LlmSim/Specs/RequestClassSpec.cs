namespace LlmSim.Specs;

/// <summary>A kind of request among others: how many there are of it, how long they are, and what is asked of serving them.</summary>
public sealed record RequestClassSpec
{
    /// <summary>Name, unlike any other's: 1 to 100 characters without commas and quotes. A trace's column <c>class</c> holds it.</summary>
    public required string Name { get; init; }

    /// <summary>Share of the requests. Above 0; the shares of all classes add up to 1. Not used with a trace.</summary>
    public double Share { get; init; }

    /// <summary>Prompt length; null, the default, is the workload's. Not used with a trace.</summary>
    public LengthSpec? InputLength { get; init; }

    /// <summary>Output length; null, the default, is the workload's. Not used with a trace.</summary>
    public LengthSpec? OutputLength { get; init; }

    /// <summary>
    /// Prefixes of its own, which no other class has; null, the default, for those of the workload. Not used with a trace.
    /// </summary>
    public PrefixSpec? Prefix { get; init; }

    /// <summary>Scheduling priority as in vLLM: lower is served earlier. Default 0. First come, first served does not look at it.</summary>
    public int Priority { get; init; }

    /// <summary>Its share under the policy fair, in proportion to those of other classes. From 0.001 to 1000. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Seconds after which the client gives up unless it has the whole answer. Above 0; null, the default, for the workload's.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Seconds after which the client gives up unless it has a first token. Above 0; null, the default, for the workload's.</summary>
    public double? TtftTimeoutSeconds { get; init; }

    /// <summary>Time to the first token that counts as good, in milliseconds. Above 0; null, the default, for none.</summary>
    public double? FirstTokenMilliseconds { get; init; }

    /// <summary>Time per output token after the first that counts as good, in milliseconds. Above 0; null, the default, for none.</summary>
    public double? PerTokenMilliseconds { get; init; }

    /// <summary>Time to the last token that counts as good, in milliseconds. Above 0; null, the default, for none.</summary>
    public double? EndToEndMilliseconds { get; init; }
}
