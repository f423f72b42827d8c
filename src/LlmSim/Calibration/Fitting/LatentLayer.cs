using LlmSim.Costs;
using LlmSim.Specs;
using LlmSim.Specs.Blocks;

namespace LlmSim.Calibration.Fitting;

/// <summary>What a layer with latent attention takes besides attention, by the other families: tables are of DeepSeek-V3's widths.</summary>
/// <param name="timer">Times of the other families.</param>
internal sealed class LatentLayer(KernelTimer timer)
{
    private const int Hidden = 7168;
    private const int ActivationBytes = 2;
    private static readonly LatentSpec Latent = new() { KvRank = 512, QueryRank = 1536, RopeHeadSize = 64 };

    /// <summary>Elements of a query or key head and of a value head, on average.</summary>
    public const int MeanHeadSize = (HeadSize + ValueHeadSize) / 2;

    private const int HeadSize = 192;
    private const int ValueHeadSize = 128;

    /// <summary>Attention of one layer with some heads.</summary>
    public static LatentContext Context(int heads) => (LatentContext)Kernels(heads).Single(kernel => kernel is LatentContext);

    /// <summary>Seconds of the products and passes of all tokens, in 16 bits.</summary>
    public double Others(int heads, long tokens) => CostRows.Seconds(Kernels(heads).Aggregate(Int128.Zero, (sum, kernel) => sum + kernel switch
    {
        MatrixProduct product => timer.Gemm(1, tokens, product.Inner, product.Outer, DataType.Bf16, ActivationBytes).Total,
        MemoryPass pass => timer.Elementwise(1, tokens * (pass.Elements + pass.CacheElements) * ActivationBytes).Total,
        _ => 0,
    }));

    /// <summary>Seconds of the two products of a decoding sequence's queries and results.</summary>
    public double Absorbed(int heads, int sequences)
    {
        LatentContext context = Context(heads);
        return timer.BatchedSeconds(heads, sequences, context.Nope, context.Rank) + timer.BatchedSeconds(heads, sequences, context.Rank, context.ValueHeadSize);
    }

    /// <summary>Seconds of widening the latents of some tokens.</summary>
    public double Expansion(int heads, int tokens)
    {
        LatentContext context = Context(heads);
        long widened = heads * context.Widened;
        double moved = 2.0 * (widened + (long)heads * context.HeadSize) * tokens * ActivationBytes;
        return CostRows.Seconds(timer.Gemm(1, tokens, context.Rank, widened, DataType.Bf16, ActivationBytes).Total + timer.Elementwise(1, moved).Total);
    }

    // Without the norm before, which tables leave out.
    private static IEnumerable<BlockKernel> Kernels(int heads) =>
        new LatentAttention { Heads = heads, HeadSize = HeadSize, ValueHeadSize = ValueHeadSize, Latent = Latent }.Kernels(new BlockLayout(Hidden, 1)).Skip(2);
}
