using LlmSim.Costs;
using LlmSim.Simulation;

namespace LlmSim.Serving;

/// <summary>
/// The decoding requests in sums: what a step needs to know of them without touching one. Every method is O(1) or O(block size).
/// </summary>
/// <remarks>
/// Request i has b_i + u tokens computed before call u, so the batch has Σb_i + B·u. It needs a new block in the calls u with
/// (b_i + u) mod block size = 0: a histogram of (−b_i) mod block size gives the blocks that each call needs.
/// Where requests take all their blocks when they are admitted, none is ever needed here. Squares of contexts are summed where step times ask for
/// their spread.
/// </remarks>
internal sealed class DecodeBatch(RequestPool pool, int blockSize, int longestOutput, bool takesBlocks = true, int classes = 0, bool sumsSquares = false)
{
    // Below this many steps a loop is faster than the closed form (measured break-even: 8 to 10).
    private const int LoopedSteps = 8;

    private readonly int[] _phases = new int[blockSize];
    private readonly int _mask = blockSize - 1;
    private readonly FinishRing _ring = new(pool, longestOutput);
    private readonly int[] _byClass = new int[classes];
    private long _contextBase;
    private long _baseSquares; // modulo 2⁶⁴

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>Requests of a class; only where the batch was made to count them.</summary>
    public int CountOf(int requestClass) => _byClass[requestClass];

    /// <summary>The call to be scheduled next, or just being scheduled; counts those of this batch only.</summary>
    public long Call { get; set; }

    /// <summary>When clients have the tokens of the step scheduled last.</summary>
    public EngineClock LastOut { get; set; }

    /// <summary>A request starts to decode in <paramref name="call"/> with its known tokens computed and <paramref name="left"/> output tokens to go.</summary>
    public void Join(int slot, long call, int context, int left)
    {
        ref Request request = ref pool[slot];
        request.State = RequestState.Decoding;
        request.ContextBase = context - call;
        request.FinishCall = call + left - 1;
        _ring.Add(slot);
        Add(request, 1);
    }

    /// <summary>A request stops to decode before its time.</summary>
    public void Leave(int slot)
    {
        _ring.Remove(slot);
        Add(pool[slot], -1);
    }

    /// <summary>Takes out those that produce their last token in <paramref name="call"/>.</summary>
    public void TakeFinishers(long call, List<int> into)
    {
        int start = into.Count;
        _ring.TakeFinishers(call, into);
        for (int i = start; i < into.Count; i++)
        {
            Add(pool[into[i]], -1);
        }
    }

    /// <summary>A request joins whose last token is in flight: it decodes once more all the same.</summary>
    public void JoinLast(int slot, long call, int context)
    {
        ref Request request = ref pool[slot];
        request.State = RequestState.Finishing;
        request.ContextBase = context - call;
        request.FinishCall = call - 1;
        Add(request, 1);
    }

    /// <summary>Names those that produce their last token in <paramref name="call"/>, and leaves them in until <see cref="LeaveLast"/>.</summary>
    public void NameFinishers(long call, List<int> into) => _ring.TakeFinishers(call, into);

    /// <summary>A request leaves that was named as finishing.</summary>
    public void LeaveLast(int slot) => Add(pool[slot], -1);

    /// <summary>The first call from <paramref name="from"/> on after which a request may leave. The batch must not be empty.</summary>
    public long NextFinish(long from) => _ring.NextCall(from);

    /// <summary>Keys that the batch attends to in <paramref name="call"/>, the new tokens' own included.</summary>
    public long Context(long call) => _contextBase + (Count * (call + 1));

    /// <summary>The sum of the squares of the keys that each attends to in <paramref name="call"/>, modulo 2⁶⁴; 0 if they are not summed.</summary>
    public long Squares(long call) => !sumsSquares ? 0 : unchecked(_baseSquares + ((call + 1) * ((2 * _contextBase) + (Count * (call + 1)))));

    /// <summary>Standard deviation of the keys that each attends to, the same in every call; 0 if squares are not summed.</summary>
    public long Spread => !sumsSquares ? 0 : BatchShape.SpreadOf(Count, _contextBase, _baseSquares);

    /// <summary>Blocks that the batch needs in <paramref name="call"/>.</summary>
    public int NewBlocks(long call) => _phases[(int)call & _mask];

    /// <summary>Whether a request of this context base needs a block in <paramref name="call"/>.</summary>
    public bool NeedsBlock(long contextBase, long call) => takesBlocks && ((contextBase + call) & _mask) == 0;

    /// <summary>How many calls from <paramref name="call"/> on, at most <paramref name="most"/>, the free blocks last.</summary>
    public long CallsUntilShortage(long call, int free, long most)
    {
        if (!takesBlocks || ((most / blockSize) + 1) * Count <= free)
        {
            return most;
        }

        long calls = free / Count * blockSize;
        int left = free % Count;
        while (calls < most && _phases[(int)(call + calls) & _mask] is int need && need <= left)
        {
            left -= need;
            calls++;
        }

        return Math.Min(calls, most);
    }

    /// <summary>Blocks that the batch takes in <paramref name="calls"/> calls from <paramref name="call"/> on.</summary>
    public int NewBlocks(long call, long calls)
    {
        int blocks = takesBlocks ? (int)(calls / blockSize) * Count : 0;
        for (long i = 0; takesBlocks && i < calls % blockSize; i++)
        {
            blocks += _phases[(int)(call + i) & _mask];
        }

        return blocks;
    }

    /// <summary>
    /// Σ over i &lt; calls of d_i · (blocks taken in calls 0..i), for durations d_i = first + growth·i: what new blocks add to the
    /// time integral of held blocks. A block taken in call j counts for T(calls) − T(j), T(j) = first·j + growth·j(j−1)/2.
    /// </summary>
    /// <param name="call">First call.</param>
    /// <param name="calls">How many, up to 2¹⁶, so that the sums of j(j−1)/2 over up to 2¹⁴ requests stay below 2⁶³.</param>
    /// <param name="first">Duration of the first call, in quanta.</param>
    /// <param name="growth">How much longer each is than the one before, in quanta.</param>
    public Int128 NewBlockQuanta(long call, long calls, long first, long growth)
    {
        long blocks = 0;
        long blocksJ = 0;
        long blocksJPairs = 0;
        for (long phase = 0; takesBlocks && phase < Math.Min(calls, blockSize); phase++)
        {
            long taken = _phases[(int)(call + phase) & _mask];
            if (taken > 0)
            {
                // Calls j = phase + blockSize·m for m < n.
                long n = ((calls - 1 - phase) / blockSize) + 1;
                long sumM = n * (n - 1) / 2;
                long sumM2 = sumM * ((2 * n) - 1) / 3;
                long sumJ = (phase * n) + (blockSize * sumM);
                long sumJ2 = (phase * phase * n) + (2 * phase * blockSize * sumM) + ((long)blockSize * blockSize * sumM2);
                blocks += taken * n;
                blocksJ += taken * sumJ;
                blocksJPairs += taken * ((sumJ2 - sumJ) / 2);
            }
        }

        long total = (first * calls) + (growth * (calls * (calls - 1) / 2));
        return Product(total, blocks) - Product(first, blocksJ) - Product(growth, blocksJPairs);
    }

    /// <summary>
    /// A run of at most <paramref name="most"/> steps, which ends with the first that is decided at <paramref name="limit"/> or later.
    /// </summary>
    /// <param name="first">First call.</param>
    /// <param name="most">How many steps at most. At least 1.</param>
    /// <param name="ahead">Steps already in flight: turn i is decided when i − ahead of the run are done.</param>
    /// <param name="limit">Quanta from the run's start.</param>
    /// <param name="cost">Durations.</param>
    public RunTotals RunUntil(long first, long most, int ahead, long limit, in DecodeRunCost cost) =>
        most <= LoopedSteps || limit < LoopedSteps * cost.First
            ? Loop(first, most, ahead, limit, cost)
            : TotalsOf(first, Math.Min(most, cost.StepsToReach(limit, most) + ahead), cost);

    /// <summary>A run of so many steps.</summary>
    public RunTotals TotalsOf(long first, long steps, in DecodeRunCost cost) => new(
        steps, cost.Quanta(steps), NewBlocks(first, steps), NewBlockQuanta(first, steps, cost.First, cost.Growth));

    private RunTotals Loop(long first, long most, int ahead, long limit, in DecodeRunCost cost)
    {
        long done = 0;
        long quanta = 0;
        long duration = cost.First;
        int blocks = 0;
        Int128 blockQuanta = 0;
        do
        {
            blocks += NewBlocks(first + done);
            blockQuanta += Product(blocks, duration);
            long before = quanta;
            quanta += duration;
            duration += cost.Growth;
            done++;
            if ((ahead > 0 ? before : quanta) >= limit)
            {
                break;
            }
        }
        while (done < most);

        return new RunTotals(done, quanta, blocks, blockQuanta);
    }

    /// <summary>The exact product of two numbers.</summary>
    public static Int128 Product(long a, long b)
    {
        long high = Math.BigMul(a, b, out long low);
        return new Int128((ulong)high, (ulong)low);
    }

    private void Add(in Request request, int sign)
    {
        Count += sign;
        _contextBase += sign * request.ContextBase;
        _baseSquares = unchecked(_baseSquares + (sign * request.ContextBase * request.ContextBase));
        _phases[(int)(-request.ContextBase) & _mask] += takesBlocks ? sign : 0;
        if (_byClass.Length > 0)
        {
            _byClass[request.Class] += sign;
        }
    }
}
