namespace LlmSim.Serving.Sglang;

/// <summary>
/// Which share of what is left of their limits running requests are expected to use (<c>new_token_ratio</c> of
/// <c>managers/scheduler.py</c>): falls with every decode step, rises when one runs short of memory, starts anew when idle.
/// </summary>
internal struct NewTokenRatio
{
    private const double Start = 0.7;
    private const double LeastShare = 0.14;
    private const int DecaySteps = 600;
    private const int LookAheadTokens = 20;

    private readonly double _first;
    private readonly double _least;
    private readonly double _decay;

    /// <summary>Creates a ratio for a <c>schedule_conservativeness</c>.</summary>
    public NewTokenRatio(double conservativeness)
    {
        _first = Math.Min(Start * conservativeness, 1);
        _least = Math.Min(_first * LeastShare, 1);
        _decay = (_first - _least) / DecaySteps;
        Value = _first;
    }

    /// <summary>The ratio.</summary>
    public double Value { get; private set; }

    /// <summary>Tokens that each request left after a retraction shall find room for.</summary>
    public static int TokensAhead(int requests) => requests * LookAheadTokens;

    /// <summary>The engine is idle.</summary>
    public void Reset() => Value = _first;

    /// <summary>A decode step found its memory.</summary>
    public void Decay() => Value = Math.Max(Value - _decay, _least);

    /// <summary>So many decode steps found their memory. The same as one by one: subtraction rounds each time.</summary>
    public void Decay(long steps)
    {
        for (; steps > 0 && Value > _least; steps--)
        {
            Decay();
        }
    }

    /// <summary>A decode step did not; these requests are left, with so much output and such limits in sum.</summary>
    public void Retract(int requests, long outputTokens, long maxNewTokens) =>
        Value = Math.Min(1, (double)(outputTokens + TokensAhead(requests)) / (maxNewTokens + 1));
}
