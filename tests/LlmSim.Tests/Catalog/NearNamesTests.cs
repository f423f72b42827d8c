using CsCheck;
using LlmSim.Catalog;

namespace LlmSim.Tests.Catalog;

public sealed class NearNamesTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)] // k→s, e→i, +g
    [InlineData("tp", "TP", 0)]
    [InlineData("max_num_seq", "max_num_seqs", 1)]
    public void Edit_distance_is_Levenshtein_without_case(string a, string b, int expected) =>
        Assert.Equal(expected, NearNames.EditDistance(a, b));

    [Fact]
    public void Edit_distance_equals_the_recursive_definition() =>
        Gen.Select(Gen.String[Gen.Char['a', 'c'], 0, 6], Gen.String[Gen.Char['a', 'c'], 0, 6])
            .Sample((a, b) => NearNames.EditDistance(a, b) == Naive(a, b));

    [Fact]
    public void Nearest_come_first_and_far_ones_not_at_all()
    {
        string[] keys = ["max_model_len", "max_num_seqs", "block_size", "max_num_batched_tokens"];
        Assert.Equal(["max_num_seqs"], NearNames.Find("max_num_seq", keys));
        Assert.Equal(["max_model_len"], NearNames.Find("max_modl_len", keys));
        Assert.Empty(NearNames.Find("temperature", keys));
    }

    private static int Naive(string a, string b) =>
        a.Length == 0 ? b.Length
        : b.Length == 0 ? a.Length
        : Math.Min(Naive(a[1..], b[1..]) + (a[0] == b[0] ? 0 : 1), Math.Min(Naive(a[1..], b), Naive(a, b[1..])) + 1);
}
