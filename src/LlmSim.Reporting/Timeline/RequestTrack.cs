using LlmSim.Simulation;

namespace LlmSim.Reporting.Timeline;

/// <summary>A request under way.</summary>
/// <param name="id">Number in order of arrival, from 0.</param>
/// <param name="arrival">When it reached the server.</param>
/// <param name="inputTokens">Prompt tokens.</param>
/// <param name="outputTokens">Tokens it asks for.</param>
internal sealed class RequestTrack(long id, SimTime arrival, int inputTokens, int outputTokens)
{
    /// <summary>Number in order of arrival, from 0.</summary>
    public long Id { get; } = id;

    /// <summary>When it reached the server.</summary>
    public SimTime Arrival { get; } = arrival;

    /// <summary>Prompt tokens.</summary>
    public int InputTokens { get; } = inputTokens;

    /// <summary>Tokens it asks for.</summary>
    public int OutputTokens { get; } = outputTokens;

    /// <summary>What it is doing.</summary>
    public RequestStage Stage { get; private set; }

    /// <summary>Where it was scheduled last; null for nowhere yet.</summary>
    public ReplicaTrack? Replica { get; set; }

    /// <summary>Whether its arrival has been written.</summary>
    public bool IsArrivalTold { get; set; }

    /// <summary>Whether it has a seat.</summary>
    public bool IsSeated => Stage is RequestStage.Prefill or RequestStage.Decode;

    /// <summary>Goes on to another stage; its replica counts seats.</summary>
    public void Enter(RequestStage stage)
    {
        int seats = IsSeated ? -1 : 0;
        Stage = stage;
        seats += IsSeated ? 1 : 0;
        if (Replica is not null)
        {
            Replica.Seats += seats;
        }
    }
}
