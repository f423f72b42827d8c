using LlmSim.Specs.Blocks;

namespace LlmSim.Costs;

/// <summary>Time of decode attention of some layers, where it is not linear in keys.</summary>
internal sealed class DecodeTimes
{
    private readonly KernelTimer _timer;
    private readonly bool _mixed;
    private readonly double _scale;
    private readonly int _headSize;
    private readonly (long Layers, long Heads, long KvHeads, double KeyBytes)[] _heads;
    private readonly (long Layers, LatentContext Attention, double KeyBytes)[] _latents;

    /// <summary>Takes the layers that it is about.</summary>
    /// <param name="kernels">The layers' kernels, and how often each occurs.</param>
    /// <param name="timer">Times of one layer.</param>
    /// <param name="windowed">Whether the layers with a window are meant, else those without.</param>
    /// <param name="mixed">Whether the steps compute prompt chunks as well.</param>
    /// <param name="headSize">Elements of a head; attention of other forms counts as so many of these as its widths make.</param>
    /// <param name="kvBytes">Bytes of an element in the KV cache.</param>
    /// <param name="scale">On all times.</param>
    public DecodeTimes(
        IReadOnlyList<(long Count, BlockKernel Kernel)> kernels, KernelTimer timer, bool windowed, bool mixed, int headSize, double kvBytes, double scale)
    {
        _timer = timer;
        _mixed = mixed;
        _scale = scale;
        _headSize = headSize;
        _heads = [.. timer.HasDecodeCurve ? kernels.Where(entry => entry.Kernel is ContextAttention attention && attention.Window > 0 == windowed).Select(Heads) : []];
        _latents = [.. windowed ? [] : kernels.Where(entry => entry.Kernel is LatentContext).Select(Latent)];

        (long, long, long, double) Heads((long Count, BlockKernel Kernel) entry)
        {
            var attention = (ContextAttention)entry.Kernel;
            return (entry.Count, Math.Max(1, attention.ScoreWidth / headSize), Math.Max(1, attention.KeyElements / headSize), attention.KeptElements * kvBytes);
        }

        (long, LatentContext, double) Latent((long Count, BlockKernel Kernel) entry) => (entry.Count, (LatentContext)entry.Kernel, entry.Kernel.KeptElements * kvBytes);
    }

    /// <summary>Whether there are no such layers.</summary>
    public bool IsEmpty => _heads.Length + _latents.Length == 0;

    /// <summary>Seconds for a number of sequences and the keys that they attend to in all.</summary>
    public double Seconds(int sequences, double context)
    {
        double sum = 0;
        foreach ((long layers, long heads, long kvHeads, double keyBytes) in _heads)
        {
            sum += layers * (_mixed
                ? _timer.MixedSeconds(sequences, context, heads, kvHeads, _headSize)
                : _timer.DecodeSeconds(sequences, context, heads, kvHeads, keyBytes));
        }

        foreach ((long layers, LatentContext attention, double keyBytes) in _latents)
        {
            sum += layers * _timer.LatentDecodeSeconds(sequences, context, attention, keyBytes);
        }

        return _scale * sum;
    }
}
