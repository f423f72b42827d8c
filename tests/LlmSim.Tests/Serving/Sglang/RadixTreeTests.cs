using CsCheck;
using LlmSim.Serving.Sglang;

namespace LlmSim.Tests.Serving.Sglang;

/// <summary>The radix tree by hand, and against sequences kept as they are.</summary>
public sealed class RadixTreeTests
{
    [Fact]
    public void A_sequence_is_found_as_far_as_it_is_known()
    {
        var tree = new RadixTree(1);
        Assert.Equal(0, tree.Insert([new(1, 10), new(2, 5)], 15, out _));
        Assert.Equal(15, tree.Evictable);
        Assert.Equal(10, tree.Match([new(1, 10), new(3, 5)], 15, out _));
        Assert.Equal(4, tree.Match([new(1, 4), new(2, 5)], 9, out _));
        Assert.Equal(12, tree.Match([new(1, 10), new(2, 5)], 12, out _));
        Assert.Equal(0, tree.Match([new(2, 5)], 5, out _));
        Assert.Equal(10, tree.Insert([new(1, 10), new(3, 5)], 15, out _));
        Assert.Equal(20, tree.Evictable);
    }

    [Fact]
    public void Pages_are_known_whole_or_not_at_all()
    {
        var tree = new RadixTree(4);
        Assert.Equal(0, tree.Insert([new(1, 11)], 11, out _));
        Assert.Equal(8, tree.Evictable);
        Assert.Equal(4, tree.Match([new(1, 7), new(2, 9)], 16, out _));

        // Same first token, another first page.
        Assert.Equal(0, tree.Insert([new(1, 3), new(2, 5)], 8, out _));
        Assert.Equal(8, tree.Match([new(1, 8)], 8, out _));
        Assert.Equal(8, tree.Match([new(1, 3), new(2, 5)], 8, out _));
        Assert.Equal(16, tree.Evictable);
    }

    [Fact]
    public void The_leaf_not_looked_at_for_longest_goes_first_and_whole()
    {
        var tree = new RadixTree(1);
        tree.Insert([new(1, 6), new(2, 4)], 10, out _);
        tree.Insert([new(1, 6), new(3, 4)], 10, out _);
        tree.Match([new(1, 6), new(2, 4)], 10, out _);
        Assert.Equal(4, tree.Evict(1));
        Assert.Equal(6, tree.Match([new(1, 6), new(3, 4)], 10, out _));
        Assert.Equal(10, tree.Evict(5));
        Assert.Equal(0, tree.Evictable);
    }

    [Fact]
    public void What_is_locked_stays_up_to_the_root()
    {
        var tree = new RadixTree(1);
        tree.Insert([new(1, 6), new(2, 4)], 10, out RadixNode end);
        tree.Insert([new(1, 6), new(3, 4)], 10, out _);
        tree.Lock(end);
        Assert.Equal(4, tree.Evictable);
        Assert.Equal(4, tree.Evict(100));
        Assert.Equal(10, tree.Match([new(1, 6), new(2, 4)], 10, out _));
        tree.Unlock(end);
        Assert.Equal(10, tree.Evict(100));
    }

    // A match within a node splits it; the part behind the split counts as looked at too.
    [Fact]
    public void A_split_refreshes_the_part_behind_it()
    {
        var tree = new RadixTree(1);
        tree.Insert([new(1, 10)], 10, out _);
        tree.Insert([new(2, 3)], 3, out _);
        Assert.Equal(4, tree.Match([new(1, 4)], 4, out _));
        Assert.Equal(3, tree.Evict(1));
        Assert.Equal(6, tree.Evict(1));
    }

    [Fact]
    public void Agrees_with_sequences_kept_as_they_are() =>
        Gen.Select(
            Gen.OneOf(1, 2, 4),
            Gen.Select(Gen.Select(Gen.Long[1, 3], Gen.Int[1, 6]).Array[1, 4], Gen.Int[0, 3]).Array[1, 40]).Sample((page, actions) =>
            {
                var tree = new RadixTree(page);
                var known = new List<string[]>();
                foreach (((long Segment, int Tokens)[] runs, int action) in actions)
                {
                    TokenRun[] path = [.. runs.Select(run => new TokenRun(run.Segment, run.Tokens))];
                    string[] tokens = [.. runs.SelectMany(run => Enumerable.Range(0, run.Tokens).Select(place => $"{run.Segment}:{place}"))];
                    int common = known.Select(k => k.Zip(tokens).TakeWhile(pair => pair.First == pair.Second).Count()).DefaultIfEmpty().Max();
                    common = common / page * page;
                    if (action == 0)
                    {
                        Assert.Equal(common, tree.Match(path, tokens.Length, out _));
                    }
                    else
                    {
                        Assert.Equal(common, tree.Insert(path, tokens.Length, out _));
                        known.Add(tokens[..(tokens.Length / page * page)]);
                    }

                    // Every page of every sequence once.
                    int pages = known.SelectMany(k => Enumerable.Range(1, k.Length / page).Select(n => string.Join(' ', k[..(n * page)]))).Distinct().Count();
                    Assert.Equal(pages * page, tree.Evictable);
                }

                Assert.Equal(tree.Evictable, tree.Evict(int.MaxValue));
            });
}
