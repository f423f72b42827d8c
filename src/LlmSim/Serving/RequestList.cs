namespace LlmSim.Serving;

/// <summary>A list of requests linked through their own <see cref="Request.Previous"/> and <see cref="Request.Next"/>; every operation is O(1).</summary>
internal struct RequestList(RequestPool pool)
{
    /// <summary>First request, −1 when empty.</summary>
    public int First { get; private set; } = -1;

    /// <summary>Last request, −1 when empty.</summary>
    public int Last { get; private set; } = -1;

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a request at the end.</summary>
    public void AddLast(int slot)
    {
        ref Request request = ref pool[slot];
        request.Previous = Last;
        request.Next = -1;
        if (Last < 0)
        {
            First = slot;
        }
        else
        {
            pool[Last].Next = slot;
        }

        Last = slot;
        Count++;
    }

    /// <summary>Adds a request at the front.</summary>
    public void AddFirst(int slot)
    {
        ref Request request = ref pool[slot];
        request.Previous = -1;
        request.Next = First;
        if (First < 0)
        {
            Last = slot;
        }
        else
        {
            pool[First].Previous = slot;
        }

        First = slot;
        Count++;
    }

    /// <summary>Takes a request out, wherever it stands.</summary>
    public void Remove(int slot)
    {
        ref Request request = ref pool[slot];
        if (request.Previous < 0)
        {
            First = request.Next;
        }
        else
        {
            pool[request.Previous].Next = request.Next;
        }

        if (request.Next < 0)
        {
            Last = request.Previous;
        }
        else
        {
            pool[request.Next].Previous = request.Previous;
        }

        Count--;
    }
}
