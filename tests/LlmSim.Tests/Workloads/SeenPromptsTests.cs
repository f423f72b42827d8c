using CsCheck;
using LlmSim.Workloads;

namespace LlmSim.Tests.Workloads;

public sealed class SeenPromptsTests
{
    [Fact]
    public void A_prompt_is_known_as_far_as_one_before_began_alike()
    {
        var seen = new SeenPrompts();
        Assert.Equal(0, Add(seen, 30, 0, (1, 10), (2, 20)));
        Assert.Equal(30, Add(seen, 30, 0, (1, 10), (2, 20)));
        Assert.Equal(30, Add(seen, 40, 0, (1, 10), (2, 30)));
        Assert.Equal(40, Add(seen, 40, 0, (1, 10), (2, 30)));
        Assert.Equal(9, Add(seen, 29, 0, (1, 9), (2, 20))); // shifted: the same segment at another place
        Assert.Equal(0, Add(seen, 20, 0, (2, 20)));
        Assert.Equal(10, Add(seen, 15, 0, (1, 15)));
        Assert.Equal(15, Add(seen, 99, 0, (1, 99)));
        Assert.Equal(10, Add(seen, 20, 0, (1, 10), (3, 10)));
    }

    [Fact]
    public void What_a_prompt_has_no_room_for_is_not_known()
    {
        var seen = new SeenPrompts();
        Assert.Equal(0, Add(seen, 12, 0, (1, 10), (2, 20)));
        Assert.Equal(12, Add(seen, 30, 0, (1, 10), (2, 20)));
        Assert.Equal(7, Add(seen, 7, 0, (1, 10), (2, 20)));
    }

    [Fact]
    public void An_answer_is_known_but_for_its_last_token()
    {
        var seen = new SeenPrompts();
        Assert.Equal(0, Add(seen, 10, -1, (1, 10)));
        Assert.Equal(17, Add(seen, 30, -2, (1, 10), (-1, 8), (2, 12)));
        Assert.Equal(37, Add(seen, 45, -3, (1, 10), (-1, 8), (2, 12), (-2, 8), (3, 7)));

        // Behind tokens of one's own nobody can repeat the answer.
        Assert.Equal(0, Add(seen, 10, -9, (5, 9)));
        Assert.Equal(9, Add(seen, 17, 0, (5, 9), (-9, 8)));
    }

    [Fact]
    public void Agrees_with_comparing_every_prompt_token_by_token() =>
        Gen.Select(Gen.Int[1, 25], Gen.Select(Gen.Long[1, 3], Gen.Int[1, 6]).Array[1, 5], Gen.Bool).Array[1, 30].Sample(prompts =>
        {
            var seen = new SeenPrompts();
            var before = new List<List<(long, int)>>();
            long answer = 0;
            foreach ((int length, (long, int)[] runs, bool hasAnswer) in prompts)
            {
                List<(long, int)> tokens = [.. runs.SelectMany(r => Enumerable.Range(0, r.Item2).Select(i => (r.Item1, i))).Take(length)];
                int expected = before.Select(b => b.Zip(tokens).TakeWhile(t => t.First == t.Second).Count()).DefaultIfEmpty(0).Max();
                long segment = hasAnswer ? --answer : 0;
                Assert.Equal(expected, Add(seen, length, segment, runs));
                if (tokens.Count == length && hasAnswer)
                {
                    tokens.AddRange(Enumerable.Range(0, 7).Select(i => (segment, i)));
                }

                before.Add(tokens);
            }
        });

    private static int Add(SeenPrompts seen, int length, long answer, params (long Segment, int Tokens)[] runs) =>
        seen.Add(new PromptContent(runs.Select(r => new ContentRun(r.Segment, r.Tokens)), answer), length, outputTokens: 8);
}
