using LlmSim.Specs;

namespace LlmSim.Validation;

/// <summary>A serving run that was measured on a real server, ready to be replayed.</summary>
internal sealed record MeasuredRun
{
    /// <summary>What it is called: the <c>id</c> it has, or the name of its folder.</summary>
    public required string Name { get; init; }

    /// <summary>The server, with the time after which clients gave up.</summary>
    public required SimulatorConfig Config { get; init; }

    /// <summary>The requests in order of arrival. At least one.</summary>
    public required IReadOnlyList<MeasuredRequest> Requests { get; init; }

    /// <summary>How full the server was, at some moments in order; empty when it was not measured.</summary>
    public IReadOnlyList<LoadPoint> Load { get; init; } = [];

    /// <summary>What was assumed where the folder does not say, and what it says that is not simulated.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
