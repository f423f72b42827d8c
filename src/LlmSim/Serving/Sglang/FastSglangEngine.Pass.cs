namespace LlmSim.Serving.Sglang;

/// <content>
/// One attempt to form a prefill step, as <see cref="PlainPrefillPass"/>. The reservation is a sum of doubles in batch order there; here
/// it is a product of integers, which is as good unless a comparison is close. Then the sum is made as it is there.
/// </content>
internal sealed partial class FastSglangEngine
{
    // Tokens that the worst-case simulation keeps free for each request.
    private const int ReservePerRequest = 1;

    // Far above the rounding of a sum of thousands, relative to its terms.
    private const double Close = 1e-9;

    private readonly List<double> _charges = [];
    private readonly List<(int Left, int Occupied)> _worstCase = [];
    private bool _isExact;
    private bool _hasWorstCase;
    private double _totalOffset;
    private long _currentOffset;
    private long _inputLeft;
    private long _chunkLeft;

    private void BeginPass()
    {
        int mixed = _sglang.IsMixed ? _running.Count : 0;
        _inputLeft = _sglang.MaxPrefillTokens - mixed;
        _chunkLeft = _sglang.ChunkTokens - mixed;
        _currentOffset = mixed;
        _charges.Clear();
        _hasWorstCase = false;
        int inFlight = !_overlaps || _latest is null ? 0 : _latest.Decodes ? _running.Count - _done.Count : _joined.Count;
        long reserved = _reserved - (_running.Count * _decodes.Call) + inFlight + _rode;
        _totalOffset = mixed + (reserved * _ratio.Value);
        _isExact = false;
        if (_long > 0)
        {
            BeExact();
        }
    }

    // Makes the sum as SGLang makes it.
    private void BeExact()
    {
        if (_isExact)
        {
            return;
        }

        _isExact = true;
        double reserved = 0;
        for (int slot = _running.First; slot >= 0; slot = _pool[slot].Next)
        {
            reserved += ReservedFor(slot);
        }

        _totalOffset = (_sglang.IsMixed ? _running.Count : 0) + reserved;
        foreach (double charge in _charges)
        {
            _totalOffset += charge;
        }
    }

    // What a running request is expected to need yet.
    private double ReservedFor(int slot) =>
        Math.Min(_shares[slot].MaxNewTokens - Known(slot), SglangLimits.ClipMaxNewTokens) * _ratio.Value;

    // Memory that nobody has a claim on, to be compared with so many tokens.
    private double Left(long tokens)
    {
        double left = _memory.Available - _totalOffset;
        if (!_isExact && Math.Abs(left - tokens) < Close * (_memory.Available + _totalOffset + 1))
        {
            BeExact();
            left = _memory.Available - _totalOffset;
        }

        return left;
    }

    private void Charge(double tokens)
    {
        _totalOffset += tokens;
        _charges.Add(tokens);
    }

    private void GiveBack(double tokens) => _totalOffset -= tokens; // Only in an exact pass.

    private bool TryContinue(int slot, FastSglangStep step, out bool ends)
    {
        int extend = _shares[slot].Extend;
        long bound = Math.Min(_chunkLeft, extend);
        if (Left(bound) < bound + 1)
        {
            BeExact();
        }

        long most = Math.Min(_chunkLeft, (long)Left(bound));
        ends = extend <= most;
        if (most <= 0)
        {
            return false;
        }

        Take(slot, (int)Math.Min(extend, most), ends, step);
        return true;
    }

    private PrefillVerdict TryTake(int slot, FastSglangStep step)
    {
        if (_sglang.IgnoreEos && _tree is null)
        {
            return TryTakeWorstCase(slot, step);
        }

        ref SglangShare share = ref _shares[slot];
        int needed = share.Extend
            + Math.Min(Math.Max(share.MaxNewTokens - _pool[slot].Emitted, 0), SglangLimits.ClipMaxNewTokens);
        if (needed >= Left(needed))
        {
            return PrefillVerdict.NoMemory;
        }

        int pages = _memory.Pages(share.Extend);
        if (pages >= _inputLeft && step.Prefills.Count > 0)
        {
            return PrefillVerdict.Stop;
        }

        // What it shares must stay, so it is not evictable any more.
        bool fits = true;
        if (share.Node is not null)
        {
            _tree!.Lock(share.Node);
            fits = needed < Left(needed);
        }

        bool ends = pages <= _chunkLeft;
        int chunk = ends ? share.Extend : (int)(_chunkLeft / _page * _page);
        if (!fits || chunk <= 0)
        {
            if (share.Node is not null)
            {
                _tree!.Unlock(share.Node);
            }

            return fits ? PrefillVerdict.Stop : PrefillVerdict.NoMemory;
        }

        share.Shared = share.Prefix;
        step.Open = ends ? step.Open : slot;
        Take(slot, chunk, ends, step);
        return State();
    }

    // Radix cache off and outputs that only their limits end: simulates that everybody goes on to its limit.
    private PrefillVerdict TryTakeWorstCase(int slot, FastSglangStep step)
    {
        int extend = _shares[slot].Extend;
        int pages = _memory.Pages(extend);
        long current = _memory.Available - _currentOffset;
        if (pages > current || pages > Left(pages) || !FitsWorstCase(slot, step, current - pages))
        {
            return PrefillVerdict.NoMemory;
        }

        bool ends = extend <= _chunkLeft;
        if (!ends && _chunkLeft <= 0)
        {
            return PrefillVerdict.Stop;
        }

        step.Open = ends ? step.Open : slot;
        Take(slot, ends ? extend : (int)_chunkLeft, ends, step);
        return State();
    }

    private bool FitsWorstCase(int slot, FastSglangStep step, long free)
    {
        if (_hasWorstCase)
        {
            InsertWorstCase(slot);
        }
        else
        {
            ListWorstCase(slot, step);
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

    private void ListWorstCase(int slot, FastSglangStep step)
    {
        _hasWorstCase = true;
        _worstCase.Clear();
        AddWorstCase(slot, _pool[slot].Emitted);
        for (int running = _running.First; running >= 0; running = _pool[running].Next)
        {
            AddWorstCase(running, Known(running));
        }

        foreach (int taken in step.Prefills)
        {
            AddWorstCase(taken, _pool[taken].Emitted);
        }

        // Stable, as upstream's sort is.
        var sorted = _worstCase.OrderBy(item => item.Left).ToList();
        _worstCase.Clear();
        _worstCase.AddRange(sorted);
    }

    private void AddWorstCase(int slot, int output)
    {
        int left = _shares[slot].MaxNewTokens - output;
        if (left > 0)
        {
            _worstCase.Add((left, _pool[slot].InputTokens + output));
        }
    }

    // Before the first with at least as much left; where there is none, before the last.
    private void InsertWorstCase(int slot)
    {
        int left = _shares[slot].MaxNewTokens - _pool[slot].Emitted;
        if (left > 0)
        {
            int place = _worstCase.FindIndex(item => item.Left >= left);
            _worstCase.Insert(place >= 0 ? place : Math.Max(0, _worstCase.Count - 1), (left, _pool[slot].KnownTokens));
        }
    }

    private void Take(int slot, int tokens, bool ends, FastSglangStep step)
    {
        ref SglangShare share = ref _shares[slot];
        share.Extend = tokens;
        share.Filled = share.Prefix + tokens;
        step.Prefills.Add(slot);
        int pages = _memory.Pages(tokens);
        Charge(pages + (ends ? Math.Min(share.MaxNewTokens, SglangLimits.ClipMaxNewTokens) : 0));
        _currentOffset += pages;
        _inputLeft -= pages;
        _chunkLeft -= pages;
    }

    private PrefillVerdict State() =>
        Left(0) <= 0 || _memory.Available <= _currentOffset ? PrefillVerdict.NoMemory
        : _inputLeft <= 0 || _chunkLeft <= 0 ? PrefillVerdict.Stop
        : PrefillVerdict.Continue;
}
