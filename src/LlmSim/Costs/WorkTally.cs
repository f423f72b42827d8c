namespace LlmSim.Costs;

/// <summary>
/// The work of all steps of a run in the sums their cost is made of, so that "where did the time go" is one multiplication
/// at the end instead of a breakdown in every step.
/// </summary>
internal sealed class WorkTally
{
    /// <summary>
    /// Creates an empty tally for steps of at most <paramref name="maxTokens"/> tokens and <paramref name="maxSequences"/>
    /// sequences, of a model whose attention is bound to <paramref name="window"/> tokens in some layers (0 for none).
    /// </summary>
    public WorkTally(int maxTokens, int maxSequences, int window = 0)
    {
        Window = window;
        StepsByTokens = new long[maxTokens + 1];
        StepsBySequences = new long[maxSequences + 1];
        StepsByRows = new long[maxSequences + 1];
        SpreadBySequences = new long[maxSequences + 1];
        Decodes = new DecodeTally(maxSequences);
        MixedDecodes = new DecodeTally(maxSequences);
        WindowedDecodes = new DecodeTally(window > 0 ? maxSequences : 0);
    }

    /// <summary>Decoding batches by size and context.</summary>
    public DecodeTally Decodes { get; }

    /// <summary>The same beside prompt chunks, <see cref="BatchShape.IsMixed"/>.</summary>
    public DecodeTally MixedDecodes { get; }

    /// <summary>Sum of <see cref="BatchShape.EmptyTiles"/>.</summary>
    public Int128 EmptyTiles { get; private set; }

    /// <summary>The same by keys within the window; empty without one.</summary>
    public DecodeTally WindowedDecodes { get; }

    /// <summary>The window; 0 for none.</summary>
    public int Window { get; }

    /// <summary>Steps by their number of new tokens. Entry 0 (steps without tokens) stays empty.</summary>
    public long[] StepsByTokens { get; }

    /// <summary>Steps by their number of sequences.</summary>
    public long[] StepsBySequences { get; }

    /// <summary>Steps by their number of sampled rows.</summary>
    public long[] StepsByRows { get; }

    /// <summary>Sums of <see cref="BatchShape.DecodeSpread"/> by number of decoding sequences.</summary>
    public long[] SpreadBySequences { get; }

    /// <summary>Steps with at least one prefill chunk.</summary>
    public long StepsWithPrefill { get; private set; }

    /// <summary>Steps with at least one decoding sequence.</summary>
    public long StepsWithDecode { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PrefillTokens"/>.</summary>
    public Int128 PrefillTokens { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PrefillPairs"/>.</summary>
    public Int128 PrefillPairs { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PrefillContext"/>.</summary>
    public Int128 PrefillContext { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PrefillChunks"/>.</summary>
    public Int128 PrefillChunks { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PrefillTilePairs"/>.</summary>
    public Int128 PrefillTilePairs { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.LongestPrefill"/>.</summary>
    public Int128 LongestPrefill { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.DecodeContext"/>.</summary>
    public Int128 DecodeContext { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.PairsWithin"/> the window.</summary>
    public Int128 WindowedPairs { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.KeysWithin"/> the window.</summary>
    public Int128 WindowedKeys { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.DecodeKeysWithin"/> the window.</summary>
    public Int128 WindowedDecodeContext { get; private set; }

    /// <summary>Sum of <see cref="BatchShape.SwappedBlocks"/>.</summary>
    public Int128 SwappedBlocks { get; private set; }

    /// <summary>Adds blocks moved to or from host memory, which <see cref="AddStep"/> leaves to the few who swap.</summary>
    public void AddSwap(int blocks) => SwappedBlocks += blocks;

    /// <summary>Adds one step.</summary>
    public void AddStep(in BatchShape shape)
    {
        StepsByTokens[shape.Tokens]++;
        StepsBySequences[shape.Sequences]++;
        StepsByRows[shape.SampledRows]++;
        if (shape.DecodeSequences > 0)
        {
            StepsWithDecode++;
            DecodeContext += shape.DecodeContext;
            SpreadBySequences[shape.DecodeSequences] += shape.DecodeSpread;
            (shape.IsMixed ? MixedDecodes : Decodes).Add(shape.DecodeSequences, shape.DecodeContext);
            if (Window > 0)
            {
                WindowedDecodes.Add(shape.DecodeSequences, shape.DecodeKeysWithin(Window));
            }
        }

        if (shape.PrefillChunks > 0)
        {
            StepsWithPrefill++;
            PrefillTokens += shape.PrefillTokens;
            PrefillPairs += shape.PrefillPairs;
            PrefillContext += shape.PrefillContext;
            PrefillChunks += shape.PrefillChunks;
            PrefillTilePairs += shape.PrefillTilePairs;
            LongestPrefill += shape.LongestPrefill;
            EmptyTiles += shape.EmptyTiles;
        }

        if (Window > 0)
        {
            WindowedDecodeContext += shape.DecodeKeysWithin(Window);
            WindowedPairs += shape.PairsWithin(Window);
            WindowedKeys += shape.KeysWithin(Window);
        }
    }

    /// <summary>Adds <paramref name="steps"/> decode steps of one batch whose first attends to <paramref name="context"/> keys.</summary>
    public void AddDecodeRun(int sequences, long context, long steps, long spread = 0)
    {
        SpreadBySequences[sequences] += steps * spread;
        StepsByTokens[sequences] += steps;
        StepsBySequences[sequences] += steps;
        StepsByRows[sequences] += steps;
        StepsWithDecode += steps;
        DecodeContext += Series(sequences, context, steps);
        Decodes.AddRun(sequences, context, steps);
        if (Window > 0)
        {
            long most = (long)Window * sequences;
            long growing = context > most ? 0 : Math.Min(steps, (most - context) / sequences + 1);
            WindowedDecodes.AddRun(sequences, context, growing);
            WindowedDecodes.AddSame(sequences, most, steps - growing);
            WindowedDecodeContext += Series(sequences, context, growing) + (Int128)(steps - growing) * most;
        }
    }

    private static Int128 Series(int sequences, long context, long steps) =>
        (Int128)steps * context + (Int128)sequences * (steps * (steps - 1) / 2);
}
