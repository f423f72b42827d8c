namespace LlmSim.Serving;

/// <summary>Finds what stands for a content: open addressing with linear probing, twice as large as what is in it.</summary>
internal sealed class ContentTable
{
    private const int Empty = -1;

    private ulong[] _contents = new ulong[64];
    private int[] _oldest = NewHeads(64);
    private int _count;

    /// <summary>What stands for a content; −1 for none.</summary>
    public int Find(ulong content) => _oldest[Place(content)];

    /// <summary>Makes something stand for a content.</summary>
    public void Set(ulong content, int block)
    {
        int place = Place(content);
        if (_oldest[place] == Empty && 2 * ++_count > _oldest.Length)
        {
            Grow();
            place = Place(content);
        }

        (_contents[place], _oldest[place]) = (content, block);
    }

    /// <summary>Takes out a content that is in it.</summary>
    public void Remove(ulong content)
    {
        // What was pushed aside by the content moves up, so that no probe ends too early.
        int mask = _oldest.Length - 1;
        int hole = Place(content);
        for (int next = (hole + 1) & mask; _oldest[next] != Empty; next = (next + 1) & mask)
        {
            int home = Home(_contents[next]);
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                (_contents[hole], _oldest[hole]) = (_contents[next], _oldest[next]);
                hole = next;
            }
        }

        _oldest[hole] = Empty;
        _count--;
    }

    private int Home(ulong content) => (int)content & (_oldest.Length - 1);

    private int Place(ulong content)
    {
        int place = Home(content);
        while (_oldest[place] != Empty && _contents[place] != content)
        {
            place = (place + 1) & (_oldest.Length - 1);
        }

        return place;
    }

    private void Grow()
    {
        (ulong[] contents, int[] oldest) = (_contents, _oldest);
        _contents = new ulong[2 * contents.Length];
        _oldest = NewHeads(_contents.Length);
        for (int i = 0; i < contents.Length; i++)
        {
            if (oldest[i] != Empty)
            {
                int place = Place(contents[i]);
                (_contents[place], _oldest[place]) = (contents[i], oldest[i]);
            }
        }
    }

    private static int[] NewHeads(int size)
    {
        var heads = new int[size];
        Array.Fill(heads, Empty);
        return heads;
    }
}
