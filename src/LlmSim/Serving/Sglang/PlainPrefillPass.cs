namespace LlmSim.Serving.Sglang;

/// <summary>
/// One attempt to form a prefill step: what is left of each budget, and whether the next request may still join
/// (<c>PrefillAdder</c> of <c>managers/schedule_policy.py</c>).
/// </summary>
internal sealed class PlainPrefillPass
{
    // Tokens that the worst-case simulation keeps free for each request.
    private const int ReservePerRequest = 1;

    private readonly EngineLimits _limits;
    private readonly SglangLimits _sglang;
    private readonly PlainSglangEngine _engine;
    private readonly double _ratio;
    private double _totalOffset;
    private long _currentOffset;
    private long _inputLeft;
    private long _chunkLeft;
    private List<(int Left, int Occupied)>? _worstCase;

    /// <summary>Begins an attempt beside the running requests.</summary>
    public PlainPrefillPass(EngineLimits limits, PlainSglangEngine engine, IReadOnlyList<PlainSglangRequest> running, double ratio)
    {
        _limits = limits;
        _sglang = limits.Sglang!;
        _engine = engine;
        _ratio = ratio;
        int mixed = _sglang.IsMixed ? running.Count : 0;
        _inputLeft = _sglang.MaxPrefillTokens - mixed;
        _chunkLeft = _sglang.ChunkTokens - mixed;
        _currentOffset = mixed;
        double reserved = 0;
        foreach (PlainSglangRequest request in running)
        {
            reserved += Reserved(request);
        }

        _totalOffset = mixed + reserved;
    }

    /// <summary>Requests taken, in order.</summary>
    public List<PlainSglangRequest> Taken { get; } = [];

    /// <summary>The last one taken, where its prompt does not end in this step.</summary>
    public PlainSglangRequest? NewChunked { get; private set; }

    /// <summary>Memory that nobody has a claim on, the expected output of running requests off.</summary>
    public double TotalLeft => _engine.Available - _totalOffset;

    private long CurrentLeft => _engine.Available - _currentOffset;

    /// <summary>What a running request is expected to need yet.</summary>
    public double Reserved(PlainSglangRequest request) => request.ReservedTokens * _ratio;

    /// <summary>Memory that running requests gave up.</summary>
    public void GiveBack(double tokens) => _totalOffset -= tokens;

    /// <summary>Takes the next part of a prompt that an earlier step began; false where there is no room for any of it.</summary>
    public bool TryContinue(PlainSglangRequest request, out bool ends)
    {
        long most = Math.Min(_chunkLeft, (long)TotalLeft);
        ends = request.Extend <= most;
        if (most <= 0)
        {
            return false;
        }

        Take(request, (int)Math.Min(request.Extend, most), ends);
        return true;
    }

    /// <summary>Takes a waiting request, if it may join.</summary>
    public PrefillVerdict TryTake(PlainSglangRequest request)
    {
        if (_sglang.IgnoreEos && !_limits.EnablePrefixCaching)
        {
            return TryTakeWorstCase(request);
        }

        int needed = request.Extend + Math.Min(Math.Max(request.MaxNewTokens - request.Output, 0), SglangLimits.ClipMaxNewTokens);
        if (needed >= TotalLeft)
        {
            return PrefillVerdict.NoMemory;
        }

        int pages = CeilPage(request.Extend);
        if (pages >= _inputLeft && Taken.Count > 0)
        {
            return PrefillVerdict.Stop;
        }

        // What it shares must stay, so it is not evictable any more.
        _engine.Hold(request);
        bool fits = needed < TotalLeft;
        int chunk = pages <= _chunkLeft ? request.Extend : (int)(_chunkLeft / _limits.BlockSize * _limits.BlockSize);
        if (!fits || chunk <= 0)
        {
            _engine.LetGo(request);
            return fits ? PrefillVerdict.Stop : PrefillVerdict.NoMemory;
        }

        bool ends = pages <= _chunkLeft;
        NewChunked = ends ? null : request;
        Take(request, chunk, ends);
        return State();
    }

    // Radix cache off and outputs that only their limits end: simulates that everybody goes on to its limit.
    private PrefillVerdict TryTakeWorstCase(PlainSglangRequest request)
    {
        int pages = CeilPage(request.Extend);
        if (pages > Math.Min(CurrentLeft, TotalLeft) || !FitsWorstCase(request, CurrentLeft - pages))
        {
            return PrefillVerdict.NoMemory;
        }

        bool ends = request.Extend <= _chunkLeft;
        if (!ends && _chunkLeft <= 0)
        {
            return PrefillVerdict.Stop;
        }

        NewChunked = ends ? null : request;
        Take(request, ends ? request.Extend : (int)_chunkLeft, ends);
        return State();
    }

    private bool FitsWorstCase(PlainSglangRequest request, long free)
    {
        (int Left, int Occupied) candidate = Item(request);
        if (_worstCase is null)
        {
            _worstCase = [.. _engine.Running.Prepend(request).Concat(Taken).Select(Item).Where(item => item.Left > 0)
                .OrderBy(item => item.Left)];
        }
        else if (candidate.Left > 0)
        {
            // Before the first with at least as much left; where there is none, before the last.
            int place = _worstCase.FindIndex(item => item.Left >= candidate.Left);
            _worstCase.Insert(place >= 0 ? place : Math.Max(0, _worstCase.Count - 1), candidate);
        }

        long freed = 0;
        for (int i = 0; i < _worstCase.Count; i++)
        {
            (int left, int occupied) = _worstCase[i];
            long sharers = _worstCase.Count - i;
            if (free + freed - (left * sharers) <= ReservePerRequest * sharers)
            {
                return false;
            }

            freed += occupied;
        }

        return true;
    }

    private static (int Left, int Occupied) Item(PlainSglangRequest request) =>
        (request.MaxNewTokens - request.Output, request.KnownTokens);

    private void Take(PlainSglangRequest request, int tokens, bool ends)
    {
        request.Extend = tokens;
        request.Filled = request.Prefix + tokens;
        Taken.Add(request);
        int pages = CeilPage(tokens);
        _totalOffset += pages + (ends ? Math.Min(request.MaxNewTokens, SglangLimits.ClipMaxNewTokens) : 0);
        _currentOffset += pages;
        _inputLeft -= pages;
        _chunkLeft -= pages;
    }

    private PrefillVerdict State() =>
        TotalLeft <= 0 || CurrentLeft <= 0 ? PrefillVerdict.NoMemory
        : _inputLeft <= 0 || _chunkLeft <= 0 ? PrefillVerdict.Stop
        : PrefillVerdict.Continue;

    private int CeilPage(int tokens) => (tokens + _limits.BlockSize - 1) / _limits.BlockSize * _limits.BlockSize;
}
