using CsCheck;
using LlmSim.Serving;

namespace LlmSim.Tests.Serving;

public sealed class ContentTableTests
{
    /// <summary>Few low bits, so that contents push each other aside.</summary>
    [Fact]
    public void Finds_what_a_dictionary_finds() =>
        Gen.Select(Gen.ULong[1, 12], Gen.ULong[0, 40], Gen.Int[0, 99], Gen.Bool).Array[0, 400].Sample(moves =>
        {
            var table = new ContentTable();
            var known = new Dictionary<ulong, int>();
            foreach ((ulong low, ulong high, int block, bool adds) in moves)
            {
                ulong content = (high << 6) | low;
                if (adds || !known.ContainsKey(content))
                {
                    table.Set(content, block);
                    known[content] = block;
                }
                else
                {
                    table.Remove(content);
                    known.Remove(content);
                    Assert.Equal(-1, table.Find(content));
                }

                Assert.All(known, pair => Assert.Equal(pair.Value, table.Find(pair.Key)));
            }
        });
}
