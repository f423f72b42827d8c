namespace LlmSim.Serving.Sglang;

/// <summary>A part of a path of tokens, the path being runs one after another.</summary>
internal struct TokenSpan
{
    private readonly TokenRun[] _path;
    private int _run;
    private int _offset;

    /// <summary>The first tokens of a path.</summary>
    public TokenSpan(TokenRun[] path, int length)
    {
        _path = path;
        Length = length;
    }

    /// <summary>Tokens in it.</summary>
    public int Length { get; private set; }

    /// <summary>The first token. The span must not be empty.</summary>
    public readonly (long Segment, int Place) First => (_path[_run].Segment, _offset);

    /// <summary>Drops the first tokens.</summary>
    public void Skip(int tokens)
    {
        Length -= tokens;
        while (tokens > 0)
        {
            int rest = _path[_run].Tokens - _offset;
            if (tokens < rest)
            {
                _offset += tokens;
                return;
            }

            tokens -= rest;
            _run++;
            _offset = 0;
        }
    }

    /// <summary>The same, cut to its first tokens.</summary>
    public readonly TokenSpan Cut(int tokens) => this with { Length = tokens };

    /// <summary>With how many equal tokens both begin.</summary>
    public readonly int CommonTokens(TokenSpan other)
    {
        TokenSpan one = this;
        int common = 0;
        while (one.Length > 0 && other.Length > 0 && one.First == other.First)
        {
            int run = Math.Min(one.RunLength, other.RunLength);
            one.Skip(run);
            other.Skip(run);
            common += run;
        }

        return common;
    }

    private readonly int RunLength => Math.Min(Length, _path[_run].Tokens - _offset);
}
