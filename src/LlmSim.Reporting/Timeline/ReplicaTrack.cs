namespace LlmSim.Reporting.Timeline;

/// <summary>A replica: a process of the timeline, with a thread a pipeline stage.</summary>
/// <param name="number">Its number, from 0.</param>
internal sealed class ReplicaTrack(int number)
{
    // The first process holds the requests.
    private const int FirstProcess = TraceEventWriter.RequestsProcess + 1;

    /// <summary>Its number, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>Its process.</summary>
    public int Process { get; } = FirstProcess + number;

    /// <summary>Pipeline stages that have been named.</summary>
    public int Stages { get; set; }

    /// <summary>Requests that have a seat, counted by their events.</summary>
    public int Seats { get; set; }

    /// <summary>Requests that wait.</summary>
    public Counter Waiting { get; } = new("waiting");

    /// <summary>Requests that run.</summary>
    public Counter Running { get; } = new("running");

    /// <summary>KV blocks in use.</summary>
    public Counter UsedBlocks { get; } = new("KV blocks used");

    /// <summary>New tokens in the step that the GPU computes.</summary>
    public Counter BatchTokens { get; } = new("batch tokens");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Counter> Counters => [Waiting, Running, UsedBlocks, BatchTokens];
}
