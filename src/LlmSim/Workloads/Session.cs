using LlmSim.Simulation;

namespace LlmSim.Workloads;

/// <summary>
/// A conversation: each turn says all that was said before and something new, and comes some time after the answer before. All
/// lengths are drawn at its start, so that they do not depend on how fast it is served.
/// </summary>
internal sealed class Session
{
    private readonly SessionRules _rules;
    private readonly ContentRun[] _runs;
    private readonly int _prefixRuns;
    private readonly byte _class;
    private readonly int _lastAnswer;
    private int _turn;
    private int _promptTokens;

    /// <summary>Creates a conversation before its first turn.</summary>
    /// <param name="rules">What holds for all of the workload.</param>
    /// <param name="runs">The prefix, if there is one; then the user's words and the answer in turn, the last answer left out.</param>
    /// <param name="prefixRuns">How many of the runs are the prefix.</param>
    /// <param name="lastAnswer">Tokens of the last answer, which nobody repeats.</param>
    /// <param name="kind">Index of its class.</param>
    public Session(SessionRules rules, ContentRun[] runs, int prefixRuns, int lastAnswer, byte kind)
    {
        _rules = rules;
        _runs = runs;
        _prefixRuns = prefixRuns;
        _lastAnswer = lastAnswer;
        _class = kind;
        for (int i = 0; i <= prefixRuns; i++)
        {
            _promptTokens = Add(_promptTokens, runs[i].Tokens);
        }
    }

    /// <summary>How many turns it has.</summary>
    public int Turns => (_runs.Length - _prefixRuns + 1) / 2;

    /// <summary>The current turn, as it arrives then.</summary>
    public ArrivingRequest Turn(SimTime arrival)
    {
        int runs = _prefixRuns + (2 * _turn) + 1;
        bool isLast = runs == _runs.Length;
        return new ArrivingRequest(arrival, _promptTokens, isLast ? _lastAnswer : _runs[runs].Tokens, _class)
        {
            Session = this,
            Content = new PromptContent(_runs, runs, _promptTokens, isLast ? 0 : _runs[runs].Segment)
            {
                CommonRuns = _prefixRuns,
                EarlierTokens = _turn == 0 ? 0 : _promptTokens - _runs[runs - 1].Tokens - 1,
            },
        };
    }

    /// <summary>Goes to the next turn. False when there is none, or its prompt would leave no room for a token.</summary>
    /// <param name="maxModelLen">Most tokens of prompt and answer.</param>
    public bool Advance(int maxModelLen)
    {
        int runs = _prefixRuns + (2 * _turn) + 1;
        if (runs == _runs.Length)
        {
            return false;
        }

        _turn++;
        _promptTokens = Add(_promptTokens, Add(_runs[runs].Tokens, _runs[runs + 1].Tokens));
        return _promptTokens < maxModelLen;
    }

    /// <summary>The current turn after the answer before. False when that is too late to be sent.</summary>
    public bool TryAnswer(SimTime finish, out ArrivingRequest turn)
    {
        var due = new SimTime(finish.Nanoseconds + _rules.ThinkNs);
        turn = due <= _rules.LastSend ? Turn(due) : default;
        return due <= _rules.LastSend;
    }

    private static int Add(int a, int b) => (int)Math.Min((long)a + b, int.MaxValue);
}
