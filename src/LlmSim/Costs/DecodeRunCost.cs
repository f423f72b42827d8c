using System.Runtime.CompilerServices;

namespace LlmSim.Costs;

/// <summary>Durations of successive decode steps of one batch, in quanta of 2⁻²⁰ ns.</summary>
/// <param name="First">Duration of the first step. Above 0.</param>
/// <param name="Growth">How much longer each step is than the one before. At least 0.</param>
/// <param name="ValidSteps">For how many steps this holds, the first included. At least 1.</param>
public readonly record struct DecodeRunCost(long First, long Growth, long ValidSteps)
{
    /// <summary>Standard deviation of the keys that the sequences attend to; the same in all steps. At least 0. Default 0.</summary>
    public long Spread { get; init; }

    // Runs are cut so that sums of quanta stay far from 2⁶³ (about 36 minutes of simulated time).
    private const long MostQuanta = 1L << 61;

    // And so that sums of squares of step numbers do.
    private const long MostSteps = 1L << 16;

    /// <summary>How many of <paramref name="steps"/> can be taken at once: those it is valid for, as far as sums do not overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long Cut(long steps)
    {
        long most = Math.Min(Math.Min(steps, MostSteps), ValidSteps);
        return Math.Min(most, Math.Max(1, MostQuanta / (First + (Growth * (most - 1)))));
    }

    /// <summary>Duration of the first <paramref name="steps"/> together.</summary>
    internal long Quanta(long steps) => (First * steps) + (Growth * (steps * (steps - 1) / 2));

    /// <summary>
    /// The least number of steps that take <paramref name="quanta"/> or longer, at most <paramref name="most"/>: the root of a quadratic,
    /// corrected by exact tests.
    /// </summary>
    internal long StepsToReach(long quanta, long most)
    {
        if (Quanta(most) < quanta)
        {
            return most;
        }

        double linear = First - (Growth / 2.0);
        double root = 2.0 * quanta / (linear + Math.Sqrt((linear * linear) + (2.0 * Growth * quanta)));
        long steps = Math.Clamp((long)root, 1, most);
        while (steps > 1 && Quanta(steps - 1) >= quanta)
        {
            steps--;
        }

        while (Quanta(steps) < quanta)
        {
            steps++;
        }

        return steps;
    }
}
