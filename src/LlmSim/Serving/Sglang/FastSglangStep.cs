using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving.Sglang;

/// <summary>A step in flight: what it yields, and what the meter is yet to be told of it.</summary>
internal sealed class FastSglangStep
{
    private readonly List<int> _prefills = [];
    private readonly List<int> _finishers = [];
    private readonly List<int> _late = [];
    private readonly List<long> _dropped = [];

    /// <summary>Prompts in it, −1 where one was thrown out since.</summary>
    public List<int> Prefills => _prefills;

    /// <summary>Decoding requests whose last token it yields, in batch order.</summary>
    public List<int> Finishers => _finishers;

    /// <summary>Decoding requests that prefill steps kept from the decode step before.</summary>
    public List<int> Late => _late;

    /// <summary>Ids of requests that were thrown out since.</summary>
    public List<long> Dropped => _dropped;

    /// <summary>The prompt that does not end in it; −1 for none.</summary>
    public int Open { get; set; } = -1;

    /// <summary>Whether the running batch decodes in it.</summary>
    public bool Decodes { get; set; }

    /// <summary>Decoding requests that yield nothing: their last token is out, or dropped since.</summary>
    public int Silent { get; set; }

    /// <summary>Whether the meter is still to be told.</summary>
    public bool IsUntold { get; set; }

    /// <summary>Its work.</summary>
    public BatchShape Shape { get; set; }

    /// <summary>Its times.</summary>
    public StepTimes Times { get; set; }

    /// <summary>When it ends.</summary>
    public EngineClock End;

    /// <summary>Seats taken.</summary>
    public int Running { get; set; }

    /// <summary>KV blocks held.</summary>
    public int UsedBlocks { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _prefills.Clear();
        _finishers.Clear();
        _late.Clear();
        _dropped.Clear();
        Open = -1;
        Decodes = false;
        Silent = 0;
    }
}
