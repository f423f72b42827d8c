namespace LlmSim.Serving;

/// <summary>
/// vLLM's KV cache in its own words (<c>vllm/v1/core/block_pool.py</c>, <c>kv_cache_manager.py</c>): single blocks, a queue of free
/// ones that keep their content until somebody takes them, and a table of contents.
/// </summary>
internal sealed class PlainBlocks(int usable)
{
    private readonly LinkedList<PlainBlock> _free = new();
    private readonly Dictionary<PlainBlock, LinkedListNode<PlainBlock>> _places = [];
    private readonly Dictionary<ulong, List<PlainBlock>> _contents = [];
    private int _untouched = usable; // the queue's front: blocks that nobody ever held

    /// <summary>Blocks nobody holds.</summary>
    public int Free => _untouched + _free.Count;

    /// <summary>The block that holds this content, the oldest copy if there are several; null when there is none.</summary>
    public PlainBlock? Find(ulong content) => _contents.TryGetValue(content, out List<PlainBlock>? copies) ? copies[0] : null;

    /// <summary>One more request holds a block.</summary>
    public void Hold(PlainBlock block)
    {
        if (block.Holders++ == 0)
        {
            _free.Remove(_places[block]);
            _places.Remove(block);
        }
    }

    /// <summary>Hands out the block that has been free for longest. There must be one.</summary>
    public PlainBlock Take()
    {
        if (_untouched > 0)
        {
            _untouched--;
            return new PlainBlock { Holders = 1 };
        }

        PlainBlock block = _free.First!.Value;
        if (block.Content is { } content)
        {
            List<PlainBlock> copies = _contents[content];
            copies.Remove(block);
            if (copies.Count == 0)
            {
                _contents.Remove(content);
            }

            block.Content = null;
        }

        Hold(block);
        return block;
    }

    /// <summary>Others may find this content from now on.</summary>
    public void Register(PlainBlock block, ulong content)
    {
        block.Content = content;
        if (!_contents.TryGetValue(content, out List<PlainBlock>? copies))
        {
            _contents[content] = copies = [];
        }

        copies.Add(block);
    }

    /// <summary>A request gives back its blocks, the last one first, so that the beginning stays longest.</summary>
    public void Return(List<PlainBlock> blocks)
    {
        for (int i = blocks.Count - 1; i >= 0; i--)
        {
            if (--blocks[i].Holders == 0)
            {
                _places[blocks[i]] = _free.AddLast(blocks[i]);
            }
        }

        blocks.Clear();
    }
}
