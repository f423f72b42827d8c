using LlmSim.Workloads;

namespace LlmSim.Serving;

/// <summary>
/// Waiting requests by tenant, and what each tenant was served: the virtual token counters of Sheng et al., OSDI '24, algorithm 2. The
/// first request of the tenant with the least counter is next, ties by class. A tenant that had none waiting starts no lower than the
/// least of those that have, so that it saves nothing up while it is away.
/// </summary>
internal sealed class FairQueue
{
    private readonly RequestPool _pool;
    private readonly RequestList[] _lists = new RequestList[ClassBook.MostClasses];
    private readonly long[] _counters = new long[ClassBook.MostClasses];
    private readonly long[] _inputCharges;
    private readonly long[] _outputCharges;
    private int _tenants; // classes met so far lie below
    private int _lastGone = -1;
    private int _count;

    /// <summary>Creates an empty queue.</summary>
    public FairQueue(RequestPool pool, FairShares shares)
    {
        _pool = pool;
        Array.Fill(_lists, new RequestList(pool));
        _inputCharges = [.. Enumerable.Range(0, ClassBook.MostClasses).Select(shares.OfInput)];
        _outputCharges = [.. Enumerable.Range(0, ClassBook.MostClasses).Select(shares.OfOutput)];
    }

    /// <summary>The request to admit next. The queue must not be empty.</summary>
    public int First => _lists[Head].First;

    private int Head
    {
        get
        {
            int head = -1;
            for (int tenant = 0; tenant < _tenants; tenant++)
            {
                if (_lists[tenant].Count > 0 && (head < 0 || _counters[tenant] < _counters[head]))
                {
                    head = tenant;
                }
            }

            return head;
        }
    }

    /// <summary>Adds a request that has just arrived.</summary>
    public void Add(int slot)
    {
        int tenant = _pool[slot].Class;
        _tenants = Math.Max(_tenants, tenant + 1);
        if (_lists[tenant].Count == 0)
        {
            int least = _count > 0 ? Head : _lastGone;
            _counters[tenant] = least < 0 ? _counters[tenant] : Math.Max(_counters[tenant], _counters[least]);
        }

        _lists[tenant].AddLast(slot);
        _count++;
    }

    /// <summary>Adds a request that was in the queue before, in front of its tenant's others.</summary>
    public void PutBack(int slot)
    {
        _lists[_pool[slot].Class].AddFirst(slot);
        _count++;
    }

    /// <summary>Takes a request out, wherever it stands.</summary>
    public void Remove(int slot)
    {
        int tenant = _pool[slot].Class;
        _lists[tenant].Remove(slot);
        _count--;
        if (_count == 0)
        {
            _lastGone = tenant;
        }
    }

    /// <summary>A prompt is admitted.</summary>
    public void ChargeInput(in Request request) => _counters[request.Class] += _inputCharges[request.Class] * request.InputTokens;

    /// <summary>An output token is scheduled.</summary>
    public void ChargeOutput(in Request request) => _counters[request.Class] += _outputCharges[request.Class];

    /// <summary>A batch decodes so many times; a negative number takes that back.</summary>
    public void Charge(DecodeBatch batch, long calls)
    {
        for (int tenant = 0; tenant < _tenants; tenant++)
        {
            _counters[tenant] += _outputCharges[tenant] * batch.CountOf(tenant) * calls;
        }
    }

    /// <summary>After a batch was charged for a call: in how many calls, that one included, the same tenant stays the next.</summary>
    public long CallsWithThisHead(DecodeBatch batch)
    {
        int head = Head;
        long pace = _outputCharges[head] * batch.CountOf(head);
        long calls = long.MaxValue;
        for (int tenant = 0; tenant < _tenants; tenant++)
        {
            long closing = pace - (_outputCharges[tenant] * batch.CountOf(tenant));
            if (_lists[tenant].Count > 0 && closing > 0)
            {
                // A tenant of a smaller class index goes first as soon as it is equal.
                long gap = _counters[tenant] - _counters[head] + (tenant > head ? 1 : 0);
                calls = Math.Min(calls, (gap + closing - 1) / closing);
            }
        }

        return calls;
    }
}
